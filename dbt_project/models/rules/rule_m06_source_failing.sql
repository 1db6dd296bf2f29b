-- M06: a source from outside answered its newest requests, and its newest answer is as fresh as expected.
-- A failing source is one finding a fault, the same every night that the fault stands.
with followed as (
    select
        followed.*,
        sources.title_zh,
        sources.title_en,
        sources.ledger,
        {{ written_plainly('sources.fresh_within_days') }} as fresh_within_days,
        {{ seconds_after('followed.succeeded_at', 'sources.fresh_within_days * 86400') }}
        < {{ as_of_moment() }} as is_stale
    from {{ ref('int_sources_followed') }} as followed
    inner join {{ ref('stg_night__sources') }} as sources on followed.source = sources.source
),

failing as (
    select
        case
            when followed.case_id is null then 'stale'
            when followed.succeeded_at is null then 'never'
            else 'failing'
        end as case_id,
        null as submission_id,
        null as submission_type,
        null as zone_id,
        null as report_year,
        followed.ledger as sheet,
        null as row_number,
        followed.source as row_identity,
        null as field,
        followed.case_id as value,
        followed.source,
        followed.title_zh,
        followed.title_en,
        followed.fresh_within_days,
        followed.failing_since,
        followed.succeeded_at,
        '（' || followed.requests || '）' as requests_zh,
        ' (' || replace(followed.requests, '、', ', ') || ')' as requests_en,
        faults.message_zh as fault_zh,
        faults.message_en as fault_en
    from followed
    left join {{ ref('source_messages') }} as faults on followed.case_id = faults.case_id
    where followed.case_id is not null or followed.is_stale
)

{{ select_findings('M06', 'failing', placeholders=[
    'source', 'title_zh', 'title_en', 'fresh_within_days', 'failing_since', 'succeeded_at', 'requests_zh', 'requests_en',
    'fault_zh', 'fault_en',
]) }}
