-- Finding V21 (unknown_failure): a disposition in force about a failure_id that no finding has. A
-- disposition may itself answer such a finding.
with candidates as (
    select
        dispositions.failure_id as disposed_failure_id,
        dispositions.row_number,
        {{ failure_id([
            "'V21'", 'null', 'null', 'null', "'dispositions'", 'dispositions.failure_id', "'failure_id'",
            'dispositions.failure_id', '1',
        ]) }} as failure_id
    from {{ ref('stg_ledgers__dispositions') }} as dispositions
    left join
        {{ ref('int_findings_identified') }} as findings
        on dispositions.failure_id = findings.failure_id
    where findings.failure_id is null
)

select
    candidates.failure_id,
    'V21' as rule_id,
    'dispositions' as sheet,
    candidates.row_number,
    'failure_id' as field,
    candidates.disposed_failure_id as value,
    messages.expected,
    replace(messages.message_zh, '{value}', candidates.disposed_failure_id) as message_zh,
    replace(messages.message_en, '{value}', candidates.disposed_failure_id) as message_en,
    'dbt' as engine
from candidates
inner join {{ ref('rule_messages') }} as messages
    on messages.rule_id = 'V21' and messages.case_id = 'unknown_failure'
left join candidates as answered on candidates.disposed_failure_id = answered.failure_id
where answered.failure_id is null
