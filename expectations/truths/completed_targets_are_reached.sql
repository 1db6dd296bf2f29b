-- A ratio is stored with 9 places: it may lie half a unit of the last beside what was compared. A completion
-- of 1e18 or more is not written.
select zone_id, plan_from, indicator_code, baseline, target, actual, completion, completed
from {batch}
where (completed is null) <> (actual is null)
    or completion is not null and (actual is null or target = baseline)
    or completed <> if(target < baseline, actual <= target, actual >= target)
    and abs(actual - target) > 0.0000000005
