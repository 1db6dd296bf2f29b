-- Every major change with the last day on which its filing is in time, and its state on the as-of day
-- (Art. 10). A deadline beyond the last day that can be written is null: it has not passed.
with changes as (
    select
        *,
        {{ parameter('change_filing_working_days', 'integer') }} as filing_working_days
    from {{ ref('stg_ledgers__changes') }}
),

with_deadlines as (
    select
        changes.change_id,
        changes.zone_id,
        changes.change_type,
        changes.changed_on,
        changes.filed_on,
        {{ day_reached('days_changed', 'deadlines') }} as deadline_on,
        {{ calendar_basis('days_changed', 'deadlines') }} as calendar_basis,
        {{ working_days_between('today', 'deadlines') }} as working_days_to_deadline
    from changes
    inner join {{ ref('int_days_counted') }} as today on today.day_on = {{ as_of_day() }}
    inner join {{ ref('int_days_counted') }} as days_changed on changes.changed_on = days_changed.day_on
    left join {{ ref('int_days_counted') }} as deadlines
        on {{ is_working_day_after('deadlines', 'days_changed', 'changes.filing_working_days') }}
)

select
    change_id,
    zone_id,
    change_type,
    changed_on,
    deadline_on,
    calendar_basis,
    filed_on,
    case
        when filed_on > deadline_on then 'late'
        when filed_on is not null then 'on_time'
        when {{ as_of_day() }} > deadline_on then 'overdue'
        else 'open'
    end as status,
    case when filed_on is null then working_days_to_deadline end as working_days_left
from with_deadlines
