select
    release_id,
    as_of,
    started_at,
    code_version,
    rules_version,
    replaces,
    rolled_back,
    submissions,
    accepted,
    zones_designated,
    findings,
    open_findings
from {{ source('last_release', 'releases') }}
