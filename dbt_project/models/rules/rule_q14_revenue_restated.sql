-- Q14: an enterprise's revenue of a year lies within restatement_tolerance of what an earlier accepted
-- submission of the zone stated for it (Art. 11(1)); the newest that it departs from is named.
with allowances as (
    select {{ parameter('restatement_tolerance', measure_type()) }} as tolerance
),

compared as (
    select
        restated.*,
        earlier.revenue_wan as earlier_revenue_wan,
        earlier.submission_type as earlier_type,
        earlier.report_year as earlier_report_year,
        earlier.received_at as earlier_received_at,
        earlier.submission_id as earlier_submission_id,
        abs(restated.revenue_wan - earlier.revenue_wan) as difference
    from {{ ref('int_roster_rows_accepted') }} as restated
    inner join {{ ref('int_roster_rows_accepted') }} as earlier
        on
            restated.zone_id = earlier.zone_id
            and restated.uscc = earlier.uscc
            and restated.year = earlier.year
            and restated.revenue_wan <> earlier.revenue_wan
    where
        restated.in_force
        and (earlier.received_at, earlier.submission_id) < (restated.received_at, restated.submission_id)
),

departing as (
    select
        compared.*,
        row_number() over (
            partition by compared.submission_id, compared.row_number
            order by compared.earlier_received_at desc, compared.earlier_submission_id desc
        ) as recency
    from compared
    cross join allowances
    where {{ relative_difference_exceeds(
        'compared.difference', 'compared.earlier_revenue_wan', 'allowances.tolerance'
    ) }}
),

failing as (
    select
        'restated' as case_id,
        {{ roster_place('departing') }},
        'revenue_wan' as field,
        {{ written_plainly('departing.revenue_wan') }} as value,
        {{ written_plainly('departing.earlier_revenue_wan') }} as earlier_revenue_wan,
        types.value_zh as earlier_type,
        types.code as earlier_type_en,
        departing.earlier_report_year,
        {{ parameter('restatement_tolerance') }} as tolerance
    from departing
    inner join {{ ref('workbook_sheets') }} as sheets on sheets.table_name = 'roster'
    inner join {{ ref('workbook_values') }} as types
        on types.field = 'submission_type' and departing.earlier_type = types.code
    where departing.recency = 1
)

{{ select_findings('Q14', 'failing', placeholders=[
    'enterprise_name', 'uscc', 'year', 'earlier_revenue_wan', 'earlier_type', 'earlier_type_en',
    'earlier_report_year', 'tolerance',
]) }}
