select
    incident_id,
    zone_id,
    domain,
    level_rank,
    occurred_on,
    ruled_on
from {{ source('ledgers', 'incidents') }}
where is_in_force
