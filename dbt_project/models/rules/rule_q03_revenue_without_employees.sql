-- Q03: an enterprise with revenue employs somebody (annex 4).
with failing as (
    select
        'no_employees' as case_id,
        {{ roster_place('roster') }},
        'employees' as field,
        roster.employees as value,
        {{ written_plainly('roster.revenue_wan') }} as revenue_wan
    from {{ ref('int_roster_rows_accepted') }} as roster
    inner join {{ ref('workbook_sheets') }} as sheets on sheets.table_name = 'roster'
    where roster.in_force and roster.employees = 0 and roster.revenue_wan > 0
)

{{ select_findings('Q03', 'failing', placeholders=['enterprise_name', 'uscc', 'year', 'revenue_wan']) }}
