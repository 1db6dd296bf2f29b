select
    change_id,
    zone_id,
    change_type,
    changed_on,
    deadline_on,
    calendar_basis,
    filed_on,
    status,
    working_days_left
from {{ ref('int_changes_judged') }}
