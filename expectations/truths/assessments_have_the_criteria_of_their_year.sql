with published as (select * from {batch}),

expected as (
    select assessments.assessment_id, criteria.criterion_id
    from marts.eligibility as assessments
    inner join seeds.criteria as criteria
        on assessments.report_year >= cast(criteria.from_report_year as integer)
        and assessments.report_year <= coalesce(cast(criteria.to_report_year as integer), assessments.report_year)
)

select
    coalesce(published.assessment_id, expected.assessment_id) as assessment_id,
    coalesce(published.criterion_id, expected.criterion_id) as criterion_id,
    count(published.assessment_id) as times_published
from published
full join expected using (assessment_id, criterion_id)
group by all
having count(published.assessment_id) <> 1 or count(expected.assessment_id) <> 1
