select
    assessment_id,
    panel_low,
    panel_high,
    openness_low,
    openness_high,
    reference_low,
    reference_high,
    reference_openness_low,
    reference_openness_high,
    reference_relaxed_low,
    reference_relaxed_high,
    reference_relaxed_openness_low,
    reference_relaxed_openness_high,
    outcome
from {{ ref('int_scorecards_totalled') }}
