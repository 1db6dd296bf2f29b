select
    zone_id,
    report_year,
    stage,
    occurred_on,
    ledger_file,
    row_number
from {{ source('ledgers', 'applications') }}
where is_in_force
