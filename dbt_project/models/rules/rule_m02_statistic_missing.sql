-- M02: the statistic exists for every province and year that a comparison needs (annex 2).
with needed as (
    select
        region_code,
        indicator,
        year
    from {{ ref('int_comparisons_needed') }}
    union distinct
    select
        region_code,
        indicator,
        base_year as year
    from {{ ref('int_comparisons_needed') }}
),

failing as (
    select
        'missing' as case_id,
        null as submission_id,
        null as submission_type,
        null as zone_id,
        needed.year as report_year,
        'provincial_statistics' as sheet,
        null as row_number,
        {{ row_identity(['needed.region_code', 'needed.year', 'needed.indicator']) }} as row_identity,
        'value' as field,
        null as value,
        provinces.name_zh as region_zh,
        provinces.name_en as region_en,
        needed.region_code,
        needed.year,
        needed.indicator
    from needed
    left join {{ ref('int_statistics_chosen') }} as statistics
        on
            needed.region_code = statistics.region_code
            and needed.indicator = statistics.indicator
            and needed.year = statistics.year
    inner join {{ ref('provincial_authorities') }} as provinces
        on needed.region_code = provinces.authority_code
    where statistics.region_code is null
)

{{ select_findings('M02', 'failing', placeholders=[
    'region_zh', 'region_en', 'region_code', 'year', 'indicator',
]) }}
