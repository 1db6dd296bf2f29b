with published as (select * from {batch}),

expected as (
    select zone_years.zone_id, zone_years.year, indicators.indicator_code
    from (select distinct zone_id, year from published) as zone_years
    cross join seeds.indicator_definitions as indicators
    where indicators.grain = 'zone-year'
)

select
    expected.zone_id,
    expected.year,
    expected.indicator_code,
    count(published.zone_id) as times_published
from expected
left join published using (zone_id, year, indicator_code)
group by all
having count(published.zone_id) <> 1
