-- Q05: a claimed tier stands in the honours ledger, valid on 31 December of the year (annex 4). With no
-- honours in force at all there is nothing to hold a claim to.
with claimed as (
    select
        roster.*,
        unnest(list_distinct(string_split(roster.quality_tiers, ','))) as tier
    from {{ ref('int_roster_rows_accepted') }} as roster
    where
        roster.in_force
        and roster.quality_tiers is not null
        and (select count(*) from {{ ref('stg_ledgers__honours') }}) > 0
),

ever_held as (
    select distinct
        uscc,
        tier
    from {{ ref('stg_ledgers__honours') }}
),

failing as (
    select
        case when ever_held.uscc is null then 'no_honour' else 'not_valid' end as case_id,
        {{ roster_place('claimed') }},
        'quality_tiers' as field,
        tiers.value_zh as value
    from claimed
    inner join {{ ref('workbook_sheets') }} as sheets on sheets.table_name = 'roster'
    inner join {{ ref('workbook_values') }} as tiers
        on tiers.table_name = 'roster' and tiers.field = 'quality_tiers' and claimed.tier = tiers.code
    left join {{ ref('int_honours_counted') }} as held
        on claimed.uscc = held.uscc and claimed.year = held.year
    left join ever_held on claimed.uscc = ever_held.uscc and claimed.tier = ever_held.tier
    where not coalesce(list_contains(string_split(held.tiers, ','), claimed.tier), false)
)

{{ select_findings('Q05', 'failing', placeholders=['enterprise_name', 'uscc', 'year']) }}
