select
    assessment_id,
    zone_id,
    submission_type,
    report_year,
    criterion_id,
    indicator_code,
    name_zh,
    requirement_id,
    dimension,
    article,
    observed,
    operator,
    threshold,
    relaxed_threshold,
    observed - threshold as gap,
    result,
    relaxed_result
from {{ ref('int_criteria_evaluated') }}
