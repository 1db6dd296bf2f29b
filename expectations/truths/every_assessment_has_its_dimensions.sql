with scored as (select * from {batch}),

expected as (
    select assessments.assessment_id, dimensions.dimension
    from marts.eligibility as assessments
    cross join (select distinct dimension from seeds.criteria where binding = 'scored') as dimensions
)

select
    coalesce(scored.assessment_id, expected.assessment_id) as assessment_id,
    coalesce(scored.dimension, expected.dimension) as dimension,
    count(scored.assessment_id) as times_scored
from scored
full join expected using (assessment_id, dimension)
group by all
having count(scored.assessment_id) <> 1 or count(expected.assessment_id) <> 1
