select zone_id, report_year, due_on, first_received_at, accepted_at, status, days_overdue
from {batch}
where
    not case
        when accepted_at is not null then status in ('on_time', 'late') and days_overdue = 0
        when first_received_at is not null then status = 'rejected'
        else (status = 'missing' and days_overdue > 0) or (status = 'pending' and days_overdue = 0)
    end
    or (status = 'on_time' and cast(first_received_at as date) > due_on)
