-- Every stage of every matter: the day it is to be told, the day the next stage takes over, who has to act
-- and who is told (Art. 7 to 11). Stages and kinds are seeds; int_days_counted counts the working days.
with staged as (
    select
        matters.*,
        stages.stage,
        stages.days_after,
        stages.unit,
        stages.audiences as stage_audiences,
        stages.needs_release_of_the_day,
        case stages.counted_from
            when 'due_on' then matters.due_on
            when 'cure_ends_on' then matters.cure_ends_on
            when 'seen_on' then matters.seen_on
        end as counted_from_on
    from {{ ref('int_alert_matters_listed') }} as matters
    inner join {{ ref('alert_stages') }} as stages
        on
            matters.kind = stages.kind
            and matters.speaks_while = stages.speaks_while
            and stages.situation in ('any', matters.situation)
),

-- Before a day that is no working day, the first working day back is the last one counted through it.
counted as (
    select
        staged.*,
        case
            when staged.unit = 'calendar_days'
                then cast({{ dbt.dateadd('day', 'staged.days_after', 'staged.counted_from_on') }} as date)
            else reached.day_on
        end as raises_on
    from staged
    left join {{ ref('int_days_counted') }} as anchors
        on staged.unit = 'working_days' and staged.counted_from_on = anchors.day_on
    left join {{ ref('int_days_counted') }} as reached
        on {{ is_working_day_after(
            'reached', 'anchors',
            'staged.days_after + case when staged.days_after < 0 and not anchors.is_working_day then 1 else 0 end'
        ) }}
),

-- A stage that the calendar does not reach (a deadline beyond the last day that can be written) is never
-- told. While a matter is open its last stage holds until it is due.
followed as (
    select
        *,
        coalesce(
            lead(raises_on) over (partition by kind, subject order by raises_on, days_after, stage),
            case when speaks_while = 'open' then {{ next_day('due_on') }} end
        ) as lapses_on,
        greatest(raises_on, {{ as_of_day() }}) as told_on
    from counted
    where raises_on is not null
)

select
    concat(followed.kind, '|', followed.subject, '|', followed.stage) as alert_key,
    followed.kind,
    followed.subject,
    followed.situation,
    followed.speaks_while,
    followed.stage,
    followed.zone_id,
    followed.due_on,
    followed.cure_ends_on,
    followed.seen_on,
    followed.raises_on,
    followed.lapses_on,
    followed.needs_release_of_the_day,
    followed.report_year,
    followed.term_no,
    followed.change_id,
    followed.changed_on,
    followed.clause,
    followed.ground_zh,
    followed.first_evidence,
    followed.evidence_rows,
    followed.file_name,
    followed.source,
    followed.source_title_zh,
    followed.source_title_en,
    followed.failing_since,
    followed.may_fail_for_hours,
    followed.fault_zh,
    followed.fault_en,
    coalesce(zones.zone_name, followed.zone_id) as zone_name,
    -- An authority that does not itself have to act is an address of its own; the ministry stands in for one
    -- that is not known.
    case
        when authorities.authority_code is null and followed.stage_audiences not like '%ministry%'
            then replace(followed.stage_audiences, 'authority', 'ministry')
        when authorities.authority_code is null or actors.authority_code is null
            then followed.stage_audiences
        else replace(followed.stage_audiences, 'authority', concat('authority:', authorities.authority_code))
    end as audiences,
    coalesce(actors.authority_code, authorities.authority_code, ministry.authority_code) as authority_code,
    abs(
        case followed.unit
            when 'calendar_days' then {{ days_between('followed.told_on', 'followed.due_on') }}
            else {{ working_days_between('days_told', 'days_due') }}
        end
    ) as days
from followed
inner join {{ ref('alert_kinds') }} as kinds on followed.kind = kinds.kind
left join {{ ref('int_days_counted') }} as days_told on followed.told_on = days_told.day_on
left join {{ ref('int_days_counted') }} as days_due on followed.due_on = days_due.day_on
left join {{ ref('zones') }} as zones on followed.zone_id = zones.zone_id
left join {{ ref('alert_audiences') }} as actors on kinds.acts = actors.audience
left join {{ ref('provincial_authorities') }} as authorities
    on coalesce(zones.authority_code, followed.sender_code) = authorities.authority_code
left join {{ ref('alert_audiences') }} as ministry on ministry.audience = 'ministry'
