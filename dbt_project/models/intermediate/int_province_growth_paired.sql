-- A province's statistic of a year beside that of the base year, both of one scope and positive; where they
-- are not, the growth is not computable and both are null.
with paired as (
    select
        current_year.region_code,
        current_year.year,
        growth.province_ratio_code,
        growth.base_years,
        current_year.published_on,
        base_year.published_on as base_published_on,
        current_year.value_10k as present_value,
        base_year.value_10k as base_value,
        current_year.value_10k > 0
        and base_year.value_10k > 0
        and (
            current_year.scope = base_year.scope
            or (current_year.scope is null and base_year.scope is null)
        ) as is_computable
    from {{ ref('int_statistics_chosen') }} as current_year
    inner join {{ ref('growth_indicators') }} as growth on current_year.indicator = growth.province_indicator
    left join {{ ref('int_statistics_chosen') }} as base_year
        on
            current_year.region_code = base_year.region_code
            and current_year.indicator = base_year.indicator
            and current_year.year - growth.base_years = base_year.year
)

select
    region_code,
    year,
    province_ratio_code,
    case when is_computable then present_value end as present_value,
    case when is_computable then base_value end as base_value,
    greatest(published_on, coalesce(base_published_on, published_on)) as published_on
from paired
