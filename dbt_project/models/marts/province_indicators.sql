-- The provincial statistics in force and their three-year ratios; a ratio that is not computable is null.
with levels as (
    select
        statistics.region_code,
        statistics.year,
        indicators.level_code as indicator_code,
        statistics.value_10k as value,
        statistics.published_on
    from {{ ref('int_statistics_chosen') }} as statistics
    inner join {{ ref('statistic_indicators') }} as indicators on statistics.indicator = indicators.indicator
),

ratios as (
    select
        region_code,
        year,
        province_ratio_code as indicator_code,
        cast({{ ratio_rounded('present_value', '1', 'base_value', '1', 9) }} as {{ measure_type() }})
            as value,
        published_on
    from {{ ref('int_province_growth_paired') }}
)

select * from levels
union all
select * from ratios
