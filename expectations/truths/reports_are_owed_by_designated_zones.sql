with reports as (select * from {batch})

select reports.zone_id, reports.report_year, reports.due_on
from reports
left join (
    select zone_id, min(term_from) as first_term_from
    from marts.designations
    group by zone_id
) as terms using (zone_id)
where
    coalesce(terms.first_term_from > reports.due_on, true)
    or extract(year from reports.due_on) <> reports.report_year + 1
