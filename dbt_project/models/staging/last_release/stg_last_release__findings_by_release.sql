select
    release_id,
    as_of,
    rule_id,
    severity,
    findings,
    open_findings
from {{ source('last_release', 'findings_by_release') }}
