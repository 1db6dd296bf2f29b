with followed as (select * from {batch}),

recorded as (
    select zone_id, report_year, max(occurred_on) as stage_on, bool_or(stage = 'objected') as objected
    from night.applications
    where is_in_force
    group by all
)

select
    coalesce(followed.zone_id, recorded.zone_id) as zone_id,
    coalesce(followed.report_year, recorded.report_year) as report_year,
    followed.stage_on,
    recorded.stage_on as recorded_stage_on,
    followed.objected,
    recorded.objected as recorded_objected
from followed
full join recorded using (zone_id, report_year)
where
    followed.stage_on is distinct from recorded.stage_on
    or followed.objected is distinct from recorded.objected
