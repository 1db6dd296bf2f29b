-- Q06: in one year an enterprise is in one zone only, over all submissions in force (Art. 11(1)).
with rows_in_force as (
    select *
    from {{ ref('int_roster_rows_accepted') }}
    where in_force
),

claimed_twice as (
    select
        uscc,
        year
    from rows_in_force
    group by uscc, year
    having min(zone_id) <> max(zone_id)
),

claims as (
    select rows_in_force.*
    from rows_in_force
    inner join claimed_twice
        on rows_in_force.uscc = claimed_twice.uscc and rows_in_force.year = claimed_twice.year
),

claimants as (
    select
        uscc,
        year,
        string_agg(distinct zone_id, '、' order by zone_id) as zones
    from claims
    group by uscc, year
),

failing as (
    select
        'several_zones' as case_id,
        {{ roster_place('claims') }},
        'uscc' as field,
        claims.uscc as value,
        {{ quoted('claimants.zones') }} as zones
    from claims
    inner join claimants on claims.uscc = claimants.uscc and claims.year = claimants.year
    inner join {{ ref('workbook_sheets') }} as sheets on sheets.table_name = 'roster'
)

{{ select_findings('Q06', 'failing', placeholders=['enterprise_name', 'uscc', 'year', 'zones']) }}
