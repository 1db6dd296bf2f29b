select
    submission_id,
    file_name,
    zone_id,
    submission_type,
    report_year,
    received_at,
    status,
    in_force
from {{ source('last_release', 'submissions') }}
