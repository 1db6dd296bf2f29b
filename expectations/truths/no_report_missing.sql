select
    reports.zone_id,
    zones.zone_name,
    zones.authority_code,
    zones.authority_name,
    reports.report_year,
    reports.due_on,
    reports.status,
    reports.days_overdue
from (select * from {batch}) as reports
left join marts.zones as zones using (zone_id)
where reports.status in ('missing', 'rejected') and reports.days_overdue > 0
order by all
