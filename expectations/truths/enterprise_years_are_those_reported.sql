select
    enterprises.zone_id,
    enterprises.year,
    enterprises.submission_id,
    submissions.submission_type,
    submissions.report_year,
    count(*) as enterprises
from (select * from {batch}) as enterprises
left join marts.submissions as submissions using (submission_id)
where submissions.report_year is null
    or enterprises.year > submissions.report_year
    or (submissions.submission_type = 'annual_report' and enterprises.year <> submissions.report_year)
group by all
