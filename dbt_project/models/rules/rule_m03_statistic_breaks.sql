-- M03: a province's statistic stays within a factor of three of the year before, and the two years of a
-- comparison have one scope, blank being a scope of its own (annex 2). Years of different scope are not
-- compared with each other.
with figures as (
    select *
    from {{ ref('int_statistics_chosen') }}
),

jumps as (
    select
        'jump' as case_id,
        figures.*,
        'value' as field,
        {{ written_plainly('figures.value_10k') }} as value,
        earlier.year as earlier_year,
        {{ written_plainly('earlier.value_10k') }} as earlier_value
    from figures
    inner join figures as earlier
        on
            figures.region_code = earlier.region_code
            and figures.indicator = earlier.indicator
            and figures.year - 1 = earlier.year
            and figures.scope is not distinct from earlier.scope
    where
        figures.value_10k <> earlier.value_10k
        and case
            when least(figures.value_10k, earlier.value_10k) <= 0 then true
            else {{ ratio_compared(
                'greatest(figures.value_10k, earlier.value_10k)', '1',
                'least(figures.value_10k, earlier.value_10k)', '1',
                rule_limit('M03', 'times_year_on_year')
            ) }} > 0
        end
),

breaks as (
    select
        'scope' as case_id,
        figures.*,
        'scope' as field,
        figures.scope as value,
        earlier.year as earlier_year,
        earlier.scope as earlier_value
    from {{ ref('int_comparisons_needed') }} as needed
    inner join figures
        on
            needed.region_code = figures.region_code
            and needed.indicator = figures.indicator
            and needed.year = figures.year
    inner join figures as earlier
        on
            needed.region_code = earlier.region_code
            and needed.indicator = earlier.indicator
            and needed.base_year = earlier.year
            and figures.scope is distinct from earlier.scope
),

found as (
    select * from jumps
    union all
    select * from breaks
),

failing as (
    select
        found.case_id,
        null as submission_id,
        null as submission_type,
        null as zone_id,
        found.year as report_year,
        'provincial_statistics' as sheet,
        found.row_number,
        {{ row_identity(['found.region_code', 'found.year', 'found.indicator']) }} as row_identity,
        found.field,
        found.value,
        found.ledger_file,
        provinces.name_zh as region_zh,
        provinces.name_en as region_en,
        found.year,
        found.indicator,
        found.earlier_year,
        {{ quoted('found.earlier_value') }} as earlier_value,
        {{ written_plainly(rule_limit('M03', 'times_year_on_year')) }} as times
    from found
    left join {{ ref('provincial_authorities') }} as provinces on found.region_code = provinces.authority_code
)

{{ select_findings('M03', 'failing', placeholders=[
    'ledger_file', 'region_zh', 'region_en', 'year', 'indicator', 'earlier_year', 'earlier_value', 'times',
]) }}
