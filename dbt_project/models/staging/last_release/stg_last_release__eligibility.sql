select
    assessment_id,
    zone_id,
    submission_type,
    report_year,
    status,
    relaxed_status
from {{ source('last_release', 'eligibility') }}
