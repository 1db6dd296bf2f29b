select
    zone_id,
    report_year,
    due_on,
    status
from {{ source('last_release', 'annual_reports') }}
