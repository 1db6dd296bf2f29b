-- The calendar that counts working days (Art. 10, 11): whole years around every day that tonight's data count
-- from, far enough that the longest count stays inside. A year with a row of the State Council's calendar is
-- official; any other is provisional, Monday to Friday less the statutory holidays known.
with counted_days as (
    select {{ as_of_day() }} as day_on
    union all
    select changed_on as day_on from {{ ref('stg_ledgers__changes') }}
    union all
    select occurred_on as day_on from {{ ref('stg_ledgers__applications') }}
    where stage = 'publicised'
    union all
    select first_term_from as day_on from {{ ref('int_terms_opened') }}
    where first_term_from <= {{ as_of_day() }}
    union all
    select term_to as day_on from {{ ref('int_terms_opened') }}
    where first_term_from <= {{ as_of_day() }}
),

-- A count of working days ends within twice as many days and a month: the years after the last day hold it.
counts as (
    select
        cast(floor(2 * greatest(
            {{ parameter('report_cure_working_days', 'integer') }},
            {{ parameter('change_filing_working_days', 'integer') }},
            {{ parameter('publicity_working_days', 'integer') }}
        ) / 365) as integer) as full_years
),

years as (
    select
        min(cast(extract(year from day_on) as integer)) - 1 as first_year,
        max(cast(extract(year from day_on) as integer)) + 1 as last_year
    from counted_days
),

spans as (
    select
        make_date(greatest(years.first_year, 1), 1, 1) as first_day,
        {{ year_end("least(years.last_year + counts.full_years, " ~ last_written_year() ~ ")") }} as last_day
    from years
    cross join counts
),

days as (
    select {{ days_from_to('first_day', 'last_day') }} as day_on
    from spans
),

official_years as (
    select distinct extract(year from day_on) as official_year
    from {{ ref('working_day_overrides') }}
),

judged as (
    select
        days.day_on,
        official_years.official_year is not null as is_official,
        case
            when official_years.official_year is null
                then {{ is_weekday('days.day_on') }} and holidays.day_on is null
            when overrides.kind is null then {{ is_weekday('days.day_on') }}
            else overrides.kind = 'work'
        end as is_working_day
    from days
    left join official_years on extract(year from days.day_on) = official_years.official_year
    left join {{ ref('working_day_overrides') }} as overrides on days.day_on = overrides.day_on
    left join {{ ref('statutory_holidays') }} as holidays on days.day_on = holidays.day_on
),

counted as (
    select
        *,
        cast(
            sum(case when is_working_day then 1 else 0 end)
                over (order by day_on rows unbounded preceding)
            as integer
        ) as working_days_through,
        cast(
            sum(case when is_official then 0 else 1 end)
                over (order by day_on rows unbounded preceding)
            as integer
        ) as provisional_days_through
    from judged
)

select
    day_on,
    is_working_day,
    is_official,
    case when is_working_day then working_days_through end as working_day_number,
    working_days_through,
    provisional_days_through
from counted
