-- Every finding, at the door and over the warehouse, with what identifies it and its stable id. The running
-- number among otherwise equal ones counts from the newest submission back, so that sending the same value
-- again keeps its id.
with submissions as (
    select
        submission_id,
        submission_type,
        zone_id,
        report_year,
        received_at
    from {{ ref('int_submissions_versioned') }}
),

at_the_door as (
    select lake_findings.*
    from {{ ref('stg_lake__findings') }} as lake_findings
    inner join submissions on lake_findings.submission_id = submissions.submission_id
    union all
    select * from {{ ref('stg_night__findings') }}
),

findings as (
    select
        at_the_door.submission_id,
        submissions.submission_type,
        submissions.zone_id,
        submissions.report_year,
        at_the_door.row_number,
        at_the_door.rule_id,
        at_the_door.sheet,
        at_the_door.row_identity,
        at_the_door.field,
        at_the_door.value,
        at_the_door.expected,
        at_the_door.message_zh,
        at_the_door.message_en,
        'pandera' as engine
    from at_the_door
    left join submissions on at_the_door.submission_id = submissions.submission_id
    union all
    select
        submission_id,
        submission_type,
        zone_id,
        report_year,
        row_number,
        rule_id,
        sheet,
        row_identity,
        field,
        value,
        expected,
        message_zh,
        message_en,
        'dbt' as engine
    from {{ ref('int_rule_findings_united') }}
),

identified as (
    select
        findings.*,
        row_number() over (
            partition by
                findings.rule_id,
                findings.submission_type,
                findings.zone_id,
                findings.report_year,
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
    *
from identified
