select
    submission_id,
    submission_type,
    zone_id,
    zone_name,
    authority_code,
    prefecture_code,
    report_year,
    applicant_name,
    operator_name,
    boundary_description,
    area_km2,
    functional_division,
    filled_on,
    roster_rows,
    quarantined_rows,
    is_rejected
from {{ source('lake', 'cover') }}
