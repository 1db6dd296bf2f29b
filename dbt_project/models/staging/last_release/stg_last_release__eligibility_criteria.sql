select
    assessment_id,
    zone_id,
    submission_type,
    report_year,
    criterion_id,
    indicator_code,
    observed,
    operator,
    threshold,
    relaxed_threshold,
    result,
    relaxed_result
from {{ source('last_release', 'eligibility_criteria') }}
