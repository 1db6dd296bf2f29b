-- The state of every report owed on the as-of day (Art. 8): what was received, when, and whether in time. A
-- day counts whole: what came before the next midnight in Shanghai came on it.
with received as (
    select
        zone_id,
        report_year,
        min(received_at) as first_received_at,
        min(case when status = 'accepted' then received_at end) as accepted_at
    from {{ ref('int_submissions_versioned') }}
    where submission_type = 'annual_report'
    group by zone_id, report_year
)

select
    owed.zone_id,
    owed.report_year,
    owed.due_on,
    owed.cure_ends_on,
    owed.cure_calendar_basis,
    received.first_received_at,
    received.accepted_at,
    case
        when received.first_received_at is null
            then case when {{ as_of_day() }} > owed.due_on then 'missing' else 'pending' end
        when received.accepted_at is null then 'rejected'
        when
            cast(received.first_received_at as date) <= owed.due_on
            and coalesce(cast(received.accepted_at as date) <= owed.cure_ends_on, true)
            then 'on_time'
        else 'late'
    end as status,
    case
        when received.accepted_at is null
            then greatest({{ days_between('owed.due_on', as_of_day()) }}, 0)
        else 0
    end as days_overdue
from {{ ref('int_reports_owed') }} as owed
left join received on owed.zone_id = received.zone_id and owed.report_year = received.report_year
