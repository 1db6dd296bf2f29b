with scheduled as (select distinct kind, subject from {batch}),

overdue as (
    select 'missing_report' as kind, concat(zone_id, '|', report_year) as subject
    from marts.annual_reports
    where status in ('missing', 'rejected') and days_overdue > 0
    union all
    select 'change_filing', change_id
    from marts.change_filings
    where status = 'overdue'
)

select overdue.kind, overdue.subject
from overdue
left join scheduled using (kind, subject)
where scheduled.subject is null
