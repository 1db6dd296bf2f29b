select
    zone_id,
    report_year,
    due_on,
    first_received_at,
    accepted_at,
    status,
    cast(days_overdue as integer) as days_overdue
from {{ ref('int_reports_judged') }}
