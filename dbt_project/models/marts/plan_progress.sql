select
    zone_id,
    plan_from,
    plan_to,
    indicator_code,
    baseline,
    target,
    actual,
    actual_year,
    completion,
    completed
from {{ ref('int_plan_targets_followed') }}
