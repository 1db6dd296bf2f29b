-- Every dimension of every assessment: the panel's score, and the reference score that the criteria alone
-- would give, each requirement weighing the same; unknown counts 0 at the low end and as met at the high end.
-- A dimension with no requirement in force has 0 at the low end and all its points at the high end.
with dimensions as (
    select
        dimension,
        points
    from {{ ref('dimensions') }}
    where dimension <> 'total'
),

counted as (
    select
        assessment_id,
        dimension,
        count(*) as requirements,
        count(case when result = 'met' then 1 end) as met,
        count(case when result <> 'not_met' then 1 end) as not_excluded,
        count(case when relaxed_result = 'met' then 1 end) as relaxed_met,
        count(case when relaxed_result <> 'not_met' then 1 end) as relaxed_not_excluded
    from {{ ref('int_requirements_evaluated') }}
    group by assessment_id, dimension
),

weighed as (
    select
        assessments.assessment_id,
        dimensions.dimension,
        dimensions.points,
        coalesce(counted.requirements, 1) as requirements,
        coalesce(counted.met, 0) as met,
        coalesce(counted.not_excluded, 1) as not_excluded,
        coalesce(counted.relaxed_met, 0) as relaxed_met,
        coalesce(counted.relaxed_not_excluded, 1) as relaxed_not_excluded
    from {{ ref('int_assessments_framed') }} as assessments
    cross join dimensions
    left join counted
        on assessments.assessment_id = counted.assessment_id and dimensions.dimension = counted.dimension
)

select
    weighed.assessment_id,
    weighed.dimension,
    weighed.points,
    panels.panel_score,
    coalesce(panels.experts, 0) as experts,
    {{ score_rounded('weighed.points', 'weighed.met', 'weighed.requirements') }} as reference_low,
    {{ score_rounded('weighed.points', 'weighed.not_excluded', 'weighed.requirements') }} as reference_high,
    {{ score_rounded('weighed.points', 'weighed.relaxed_met', 'weighed.requirements') }}
        as reference_relaxed_low,
    {{ score_rounded('weighed.points', 'weighed.relaxed_not_excluded', 'weighed.requirements') }}
        as reference_relaxed_high
from weighed
left join {{ ref('int_panels_scored') }} as panels
    on weighed.assessment_id = panels.assessment_id and weighed.dimension = panels.dimension
