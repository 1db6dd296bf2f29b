select
    published.assessment_id,
    published.criterion_id,
    published.indicator_code,
    published.operator,
    published.threshold,
    criteria.threshold as threshold_of_the_standard
from (select * from {batch}) as published
left join seeds.criteria as criteria using (criterion_id)
where published.indicator_code is distinct from criteria.indicator_code
    or published.requirement_id is distinct from criteria.requirement_id
    or published.dimension is distinct from criteria.dimension
    or published.operator is distinct from criteria.operator
    or published.threshold is distinct from cast(criteria.threshold as decimal(38, 18))
