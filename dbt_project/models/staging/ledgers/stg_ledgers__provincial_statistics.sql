select
    region_code,
    year,
    indicator,
    value,
    unit,
    scope,
    published_on,
    source,
    ledger_file,
    row_number
from {{ source('ledgers', 'provincial_statistics') }}
where is_in_force
