-- Q01: an enterprise's research expense does not exceed its revenue (annex 3).
with failing as (
    select
        'above_revenue' as case_id,
        {{ roster_place('roster') }},
        'rd_expense_wan' as field,
        {{ written_plainly('roster.rd_expense_wan') }} as value,
        {{ written_plainly('roster.revenue_wan') }} as revenue_wan
    from {{ ref('int_roster_rows_accepted') }} as roster
    inner join {{ ref('workbook_sheets') }} as sheets on sheets.table_name = 'roster'
    where roster.in_force and roster.rd_expense_wan > roster.revenue_wan
)

{{ select_findings('Q01', 'failing', placeholders=['enterprise_name', 'uscc', 'year', 'revenue_wan']) }}
