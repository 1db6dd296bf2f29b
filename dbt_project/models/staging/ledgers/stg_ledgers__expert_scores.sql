select
    zone_id,
    submission_type,
    report_year,
    expert_id,
    dimension,
    score,
    ledger_file,
    row_number
from {{ source('ledgers', 'expert_scores') }}
where is_in_force
