with assessed as (select * from {batch}),

in_force as (select * from marts.submissions where in_force)

select
    coalesce(assessed.zone_id, in_force.zone_id) as zone_id,
    coalesce(assessed.submission_type, in_force.submission_type) as submission_type,
    coalesce(assessed.report_year, in_force.report_year) as report_year,
    count(assessed.assessment_id) as assessments,
    count(in_force.submission_id) as submissions_in_force
from assessed
full join in_force using (zone_id, submission_type, report_year)
group by all
having count(assessed.assessment_id) <> 1 or count(in_force.submission_id) <> 1
