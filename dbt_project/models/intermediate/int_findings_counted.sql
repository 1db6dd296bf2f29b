-- Findings by rule and by the authority that has to see to them. A finding goes to the zone's authority,
-- else to the one that the workbook's cover names, else to the one that sent it. A finding of a ledger or of
-- a province that names no zone goes to none.
select
    coalesce(zones.authority_code, named.authority_code, received.sent_by) as authority_code,
    findings.rule_id,
    count(*) as findings,
    sum({{ one_if("findings.disposition = 'open'") }}) as open_findings
from {{ ref('quality_failures') }} as findings
left join {{ ref('zones') }} as zones on findings.zone_id = zones.zone_id
left join {{ ref('int_submissions_versioned') }} as submissions
    on findings.submission_id = submissions.submission_id
left join {{ ref('provincial_authorities') }} as named
    on submissions.authority_code = named.authority_code
left join {{ ref('stg_night__submissions') }} as received
    on findings.submission_id = received.submission_id
group by coalesce(zones.authority_code, named.authority_code, received.sent_by), findings.rule_id
