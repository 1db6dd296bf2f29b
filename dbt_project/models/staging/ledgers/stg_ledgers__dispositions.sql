select
    failure_id,
    disposition,
    officer,
    approver,
    reason,
    expires_on,
    ledger_file,
    row_number
from {{ source('ledgers', 'dispositions') }}
where is_in_force
