with summed as (
    select
        zone_id,
        year,
        cast(count(*) as decimal(38, 18)) as "ENTERPRISES",
        cast(count(*) filter (where is_sme) as decimal(38, 18)) as "SME_COUNT",
        cast(count(*) filter (where is_sme is null) as decimal(38, 18)) as "UNSIZED_COUNT",
        cast(sum(revenue_wan) as decimal(38, 18)) as "TOTAL_REVENUE",
        cast(coalesce(sum(revenue_wan) filter (where is_sme), 0) as decimal(38, 18)) as "SME_REVENUE"
    from marts.enterprises
    group by all
),

expected as (
    unpivot summed
    on "ENTERPRISES", "SME_COUNT", "UNSIZED_COUNT", "TOTAL_REVENUE", "SME_REVENUE"
    into name indicator_code value expected_value
),

published as (
    select *
    from {batch}
    where indicator_code in (select distinct indicator_code from expected)
)

select
    coalesce(published.zone_id, expected.zone_id) as zone_id,
    coalesce(published.year, expected.year) as year,
    coalesce(published.indicator_code, expected.indicator_code) as indicator_code,
    published.value,
    expected.expected_value
from published
full join expected using (zone_id, year, indicator_code)
where published.value is distinct from expected.expected_value
