select
    record_id,
    zone_id,
    kind,
    found_on,
    cleared_on
from {{ source('ledgers', 'credit_records') }}
where is_in_force
