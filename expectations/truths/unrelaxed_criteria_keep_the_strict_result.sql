select assessment_id, criterion_id, relaxed_threshold, result, relaxed_result
from {batch}
where relaxed_threshold is null
    and relaxed_result is distinct from result
