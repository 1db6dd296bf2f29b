select
    activity_id,
    article,
    authority_code,
    zone_id,
    kind,
    held_on,
    title,
    participants
from {{ source('ledgers', 'promotion') }}
where is_in_force
