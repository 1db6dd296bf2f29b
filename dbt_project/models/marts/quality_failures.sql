-- All findings in one place, each with its rule's severity and article and with the answer that holds today.
with findings as (
    select
        failure_id,
        rule_id,
        submission_id,
        zone_id,
        report_year,
        sheet,
        row_number,
        field,
        value,
        expected,
        message_zh,
        message_en,
        engine
    from {{ ref('int_findings_identified') }}
    union all
    select
        failure_id,
        rule_id,
        null as submission_id,
        null as zone_id,
        null as report_year,
        sheet,
        row_number,
        field,
        value,
        expected,
        message_zh,
        message_en,
        engine
    from {{ ref('int_dispositions_matched') }}
)

select
    findings.failure_id,
    findings.rule_id,
    rules.severity,
    rules.article,
    findings.submission_id,
    findings.zone_id,
    findings.report_year,
    findings.sheet,
    cast(findings.row_number as integer) as row_number,
    findings.field,
    findings.value,
    findings.expected,
    findings.message_zh,
    findings.message_en,
    findings.engine,
    coalesce(dispositions.disposition, 'open') as disposition
from findings
left join {{ ref('quality_rules') }} as rules on findings.rule_id = rules.rule_id
left join {{ ref('int_dispositions_standing') }} as dispositions
    on findings.failure_id = dispositions.failure_id
