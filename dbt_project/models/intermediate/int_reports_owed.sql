-- Every annual report that is or was owed (Art. 8): of each year from the first to the year before the as-of
-- year, while the zone is designated on the due day. With the end of its cure window (Art. 11(2)).
with revocations_attributed as (
    select
        revocations.zone_id,
        revocations.revoked_on,
        max(terms.designated_on) as designated_on
    from {{ ref('stg_ledgers__revocations') }} as revocations
    inner join {{ ref('int_terms_opened') }} as terms
        on revocations.zone_id = terms.zone_id and terms.first_term_from <= revocations.revoked_on
    group by revocations.zone_id, revocations.revoked_on
),

-- A day that is known to come counts as one that has come: what is no longer due then is not owed now.
ends as (
    select
        terms.zone_id,
        terms.designated_on,
        min(terms.first_term_from) as first_term_from,
        min(least(terms.not_renewed_on, revocations_attributed.revoked_on)) as ended_on
    from {{ ref('int_terms_opened') }} as terms
    left join revocations_attributed
        on
            terms.zone_id = revocations_attributed.zone_id
            and terms.designated_on = revocations_attributed.designated_on
    group by terms.zone_id, terms.designated_on
),

designation_series as (
    select
        ends.zone_id,
        ends.designated_on,
        ends.first_term_from,
        ends.ended_on,
        case
            when designations.is_legacy then choices.legacy_year
            when choices.is_full_year
                then cast(extract(year from {{ previous_day('designations.designated_on') }}) as integer) + 1
            else cast(extract(year from designations.designated_on) as integer)
        end as first_report_year
    from ends
    inner join {{ ref('stg_ledgers__designations') }} as designations
        on ends.zone_id = designations.zone_id and ends.designated_on = designations.designated_on
    cross join {{ ref('first_report_years') }} as choices
    where choices.first_report_year = {{ parameter('first_report_year') }}
),

days_due as (
    select
        cast(extract(year from day_on) as integer) - 1 as report_year,
        day_on as due_on
    from {{ ref('int_days_counted') }}
    where
        day_on = {{ day_of_year("cast(extract(year from day_on) as integer)", parameter('report_due')) }}
        and extract(year from day_on) <= extract(year from {{ as_of_day() }})
),

-- On a due day the newest designation that has begun says whether the zone is designated.
series_on_due_days as (
    select
        series.*,
        days_due.report_year,
        days_due.due_on,
        series.ended_on is not null and series.ended_on <= days_due.due_on as has_ended,
        row_number() over (
            partition by series.zone_id, days_due.due_on order by series.designated_on desc
        ) as recency
    from designation_series as series
    inner join days_due on series.first_term_from <= days_due.due_on
),

owed as (
    select
        zone_id,
        report_year,
        due_on,
        {{ parameter('report_cure_working_days', 'integer') }} as cure_working_days
    from series_on_due_days
    group by zone_id, report_year, due_on
    having
        bool_or(recency = 1 and not has_ended)
        and bool_or(not has_ended and first_report_year <= report_year)
)

select
    owed.zone_id,
    owed.report_year,
    owed.due_on,
    {{ day_reached('due_days', 'cure_ends') }} as cure_ends_on,
    {{ calendar_basis('due_days', 'cure_ends') }} as cure_calendar_basis
from owed
inner join {{ ref('int_days_counted') }} as due_days on owed.due_on = due_days.day_on
left join {{ ref('int_days_counted') }} as cure_ends
    on {{ is_working_day_after('cure_ends', 'due_days', 'owed.cure_working_days') }}
