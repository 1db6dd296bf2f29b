-- Every requirement of every assessment: criteria with one requirement_id are alternatives.
select
    assessment_id,
    requirement_id,
    dimension,
    binding,
    {{ any_met('result') }} as result,
    {{ any_met('relaxed_result') }} as relaxed_result
from {{ ref('int_criteria_evaluated') }}
group by assessment_id, requirement_id, dimension, binding
