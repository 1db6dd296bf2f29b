select
    zone_id,
    clause,
    state,
    evidence
from {{ source('last_release', 'revocation_triggers') }}
