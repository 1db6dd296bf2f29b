select
    alerts.alert_key,
    count(scheduled.alert_key) as stages_scheduled
from (select * from {batch}) as alerts
left join marts.alert_schedule as scheduled
    on
        scheduled.alert_key = alerts.alert_key
        and scheduled.authority_code is not distinct from alerts.authority_code
        and scheduled.message_zh is not distinct from alerts.message_zh
        and scheduled.message_en is not distinct from alerts.message_en
group by all
having count(scheduled.alert_key) <> 1
