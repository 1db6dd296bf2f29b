-- Q02: an enterprise's exports do not exceed its revenue (annex 2).
with failing as (
    select
        'above_revenue' as case_id,
        {{ roster_place('roster') }},
        'export_wan' as field,
        {{ written_plainly('roster.export_wan') }} as value,
        {{ written_plainly('roster.revenue_wan') }} as revenue_wan
    from {{ ref('int_roster_rows_accepted') }} as roster
    inner join {{ ref('workbook_sheets') }} as sheets on sheets.table_name = 'roster'
    where roster.in_force and roster.export_wan > roster.revenue_wan
)

{{ select_findings('Q02', 'failing', placeholders=['enterprise_name', 'uscc', 'year', 'revenue_wan']) }}
