select
    zone_id,
    submission_type,
    report_year,
    expert_id,
    dimension,
    score
from {{ source('ledgers', 'expert_scores') }}
where is_in_force
