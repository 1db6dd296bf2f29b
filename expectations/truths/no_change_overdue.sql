select
    changes.zone_id,
    zones.zone_name,
    zones.authority_code,
    zones.authority_name,
    changes.change_id,
    changes.changed_on,
    changes.deadline_on,
    changes.calendar_basis,
    changes.working_days_left
from (select * from {batch}) as changes
left join marts.zones as zones using (zone_id)
where changes.status = 'overdue'
order by all
