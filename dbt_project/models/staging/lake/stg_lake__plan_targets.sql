select
    submission_id,
    row_number,
    plan_from,
    plan_to,
    indicator_code,
    baseline,
    target
from {{ source('lake', 'plan_targets') }}
