select
    zone_id,
    term_ends_on,
    decided_on,
    outcome,
    decision_no,
    ledger_file,
    row_number
from {{ source('ledgers', 're_reviews') }}
where is_in_force
