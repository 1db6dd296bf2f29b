select
    zone_id,
    term_no,
    targets,
    reports_owed,
    criteria_met + criteria_not_met + criteria_unknown as criteria_counted
from {batch}
where reports_owed <> reports_on_time + reports_late + reports_missing + reports_pending
    or targets < targets_completed + targets_unknown
    or targets <> json_array_length(plan_targets)
    or reports_owed <> json_array_length(reports)
    or criteria_met + criteria_not_met + criteria_unknown <> json_array_length(criteria)
