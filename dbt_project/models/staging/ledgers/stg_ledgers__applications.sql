select
    zone_id,
    report_year,
    stage,
    occurred_on
from {{ source('ledgers', 'applications') }}
where is_in_force
