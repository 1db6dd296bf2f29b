select
    scored.assessment_id,
    scored.dimension,
    scored.points,
    dimensions.points as points_of_the_standard,
    scored.panel_score,
    scored.reference_low,
    scored.reference_high
from (select * from {batch}) as scored
left join seeds.dimensions as dimensions using (dimension)
where scored.points is distinct from cast(dimensions.points as decimal(38, 18))
    or least(scored.panel_score, scored.reference_low, scored.reference_high) < 0
    or greatest(scored.panel_score, scored.reference_low, scored.reference_high) > scored.points
    or scored.reference_low > scored.reference_high
