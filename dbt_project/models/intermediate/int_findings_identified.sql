-- Every finding at the door, with what identifies it and its stable id. The running number among otherwise
-- equal ones counts from the newest submission back, so that sending the same value again keeps its id.
with submissions as (
    select
        submission_id,
        submission_type,
        zone_id,
        report_year,
        received_at
    from {{ ref('int_submissions_versioned') }}
),

findings as (
    select at_the_door.*
    from {{ ref('stg_lake__findings') }} as at_the_door
    inner join submissions on at_the_door.submission_id = submissions.submission_id
    union all
    select * from {{ ref('stg_night__findings') }}
),

identified as (
    select
        findings.submission_id,
        findings.row_number,
        findings.rule_id,
        findings.sheet,
        findings.row_identity,
        findings.field,
        findings.value,
        findings.expected,
        findings.message_zh,
        findings.message_en,
        submissions.submission_type,
        submissions.zone_id,
        submissions.report_year,
        row_number() over (
            partition by
                findings.rule_id,
                submissions.submission_type,
                submissions.zone_id,
                submissions.report_year,
                findings.sheet,
                findings.row_identity,
                findings.field,
                findings.value
            order by
                submissions.received_at desc, submissions.submission_id desc,
                findings.row_number asc, findings.expected asc, findings.message_zh asc
        ) as running_number
    from findings
    left join submissions on findings.submission_id = submissions.submission_id
)

select
    {{ failure_id([
        'rule_id', 'submission_type', 'zone_id', 'report_year', 'sheet', 'row_identity', 'field', 'value',
        'running_number',
    ]) }} as failure_id,
    *,
    'pandera' as engine
from identified
