-- How far every application has come (Art. 7): its latest stage, of one day the one further on, and the
-- public notice, which ends with its last working day.
with stages as (
    select
        applications.zone_id,
        applications.report_year,
        applications.stage,
        applications.occurred_on,
        row_number() over (
            partition by applications.zone_id, applications.report_year
            order by applications.occurred_on desc, stage_order.position desc
        ) as recency
    from {{ ref('stg_ledgers__applications') }} as applications
    inner join {{ ref('ledger_values') }} as stage_order
        on
            stage_order.ledger = 'applications'
            and stage_order.field = 'stage'
            and applications.stage = stage_order.value
),

applications as (
    select
        zone_id,
        report_year,
        max(case when recency = 1 then stage end) as stage,
        max(case when recency = 1 then occurred_on end) as stage_on,
        max(case when stage = 'publicised' then occurred_on end) as publicised_on,
        max(case when stage = 'recommended' then occurred_on end) as recommended_on,
        bool_or(stage = 'objected') as objected,
        {{ parameter('publicity_working_days', 'integer') }} as publicity_working_days
    from stages
    group by zone_id, report_year
)

select
    applications.zone_id,
    applications.report_year,
    applications.stage,
    applications.stage_on,
    applications.recommended_on,
    applications.publicised_on,
    applications.objected,
    {{ day_reached('notice_began', 'notice_ends') }} as publicity_ends_on
from applications
left join {{ ref('int_days_counted') }} as notice_began on applications.publicised_on = notice_began.day_on
left join {{ ref('int_days_counted') }} as notice_ends
    on {{ is_working_day_after('notice_ends', 'notice_began', 'applications.publicity_working_days') }}
