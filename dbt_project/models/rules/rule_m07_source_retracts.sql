-- M07: a source still says what it said before, says nothing in two ways, and can be translated as it is
-- configured. What of an answer nobody can interpret stays in its row, where V20 finds it.
with failing as (
    select
        case
            when problems.case_id in ('vanished', 'stated_twice') then problems.case_id
            else 'not_translated'
        end as case_id,
        null as submission_id,
        null as submission_type,
        null as zone_id,
        null as report_year,
        sources.ledger as sheet,
        null as row_number,
        {{ row_identity(['problems.source', 'problems.request', 'problems.row_identity']) }} as row_identity,
        problems.field,
        problems.value,
        problems.source,
        sources.title_zh,
        sources.title_en,
        problems.fetched_at,
        replace(problems.row_identity, chr(30), ' ') as thing,
        faults.message_zh as fault_zh,
        faults.message_en as fault_en
    from {{ ref('stg_night__source_problems') }} as problems
    inner join {{ ref('stg_night__sources') }} as sources on problems.source = sources.source
    inner join {{ ref('source_messages') }} as faults on problems.case_id = faults.case_id
    where faults.told_by <> 'V20'
)

{{ select_findings('M07', 'failing', placeholders=[
    'source', 'title_zh', 'title_en', 'fetched_at', 'thing', 'fault_zh', 'fault_en',
]) }}
