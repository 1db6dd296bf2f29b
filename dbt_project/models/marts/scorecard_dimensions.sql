select
    assessment_id,
    dimension,
    points,
    panel_score,
    cast(experts as integer) as experts,
    reference_low,
    reference_high
from {{ ref('int_dimensions_scored') }}
