select
    ledger,
    ledger_file,
    header
from {{ source('night', 'ledger_extras') }}
