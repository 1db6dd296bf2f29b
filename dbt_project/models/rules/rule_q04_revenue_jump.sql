-- Q04: an enterprise's revenue is at most ten times and at least a tenth of its previous year's (Art. 11(1)).
-- The previous year is read from the same submission where its roster covers that year, otherwise from the
-- data that count for the zone and year.
with roster_years as (
    select
        submission_id,
        zone_id,
        year
    from {{ ref('int_rosters_measured') }}
),

previous_years as (
    select
        roster_years.submission_id,
        roster_years.year,
        coalesce(own.submission_id, chosen.submission_id) as previous_submission_id
    from roster_years
    left join roster_years as own
        on roster_years.submission_id = own.submission_id and roster_years.year - 1 = own.year
    left join {{ ref('int_zone_years_chosen') }} as chosen
        on roster_years.zone_id = chosen.zone_id and roster_years.year - 1 = chosen.year
    where coalesce(own.submission_id, chosen.submission_id) is not null
),

compared as (
    select
        roster.*,
        previous.revenue_wan as previous_revenue_wan,
        {{ rule_limit('Q04', 'times_previous_year') }} as times
    from {{ ref('int_roster_rows_accepted') }} as roster
    inner join previous_years
        on roster.submission_id = previous_years.submission_id and roster.year = previous_years.year
    inner join {{ ref('int_roster_rows_accepted') }} as previous
        on
            previous_years.previous_submission_id = previous.submission_id
            and previous_years.year - 1 = previous.year
            and roster.uscc = previous.uscc
    where roster.in_force
),

failing as (
    select
        case when compared.revenue_wan > compared.previous_revenue_wan then 'risen' else 'fallen' end
            as case_id,
        {{ roster_place('compared') }},
        'revenue_wan' as field,
        {{ written_plainly('compared.revenue_wan') }} as value,
        {{ written_plainly('compared.previous_revenue_wan') }} as previous_revenue_wan,
        {{ written_plainly('compared.times') }} as times
    from compared
    inner join {{ ref('workbook_sheets') }} as sheets on sheets.table_name = 'roster'
    where
        compared.revenue_wan > compared.times * compared.previous_revenue_wan
        or compared.times * compared.revenue_wan < compared.previous_revenue_wan
)

{{ select_findings(
    'Q04', 'failing', placeholders=['enterprise_name', 'uscc', 'year', 'previous_revenue_wan', 'times']
) }}
