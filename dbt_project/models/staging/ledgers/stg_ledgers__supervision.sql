select
    record_id,
    zone_id,
    kind,
    status,
    found_on
from {{ source('ledgers', 'supervision') }}
where is_in_force
