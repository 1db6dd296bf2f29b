with plans as (select * from {batch})

select
    plans.zone_id,
    plans.plan_from,
    plans.plan_to,
    plans.indicator_code,
    plans.actual,
    plans.actual_year,
    indicators.value
from plans
left join marts.indicators as indicators
    on plans.zone_id = indicators.zone_id
    and plans.indicator_code = indicators.indicator_code
    and plans.actual_year = indicators.year
where plans.actual is distinct from indicators.value
    or (plans.actual is null) <> (plans.actual_year is null)
    or plans.actual_year not between plans.plan_from and plans.plan_to
