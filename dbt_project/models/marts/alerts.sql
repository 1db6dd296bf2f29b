select
    alert_key,
    kind,
    stage,
    zone_id,
    authority_code,
    due_on,
    message_zh,
    message_en
from {{ ref('alert_schedule') }}
where
    raises_on <= {{ as_of_day() }}
    and (lapses_on is null or lapses_on > {{ as_of_day() }})
