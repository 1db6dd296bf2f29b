select
    change_id,
    zone_id,
    change_type,
    changed_on,
    filed_on,
    provincial_reviewed_on,
    approved_on,
    outcome,
    old_value,
    new_value
from {{ source('ledgers', 'changes') }}
where is_in_force
