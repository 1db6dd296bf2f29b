-- Every industry code of the rosters with its industry of the 2011 standard (longest prefix) and its bounds;
-- a code that no prefix covers, and a metric that the industry does not use, have none.
with codes as (
    select distinct industry_code from {{ ref('stg_lake__enterprises') }}
),

matched as (
    select
        codes.industry_code,
        max_by(industries.industry_code, length(industries.gbt4754_prefix)) as standard_industry
    from codes
    inner join {{ ref('sme_size_industries') }} as industries
        on starts_with(codes.industry_code, industries.gbt4754_prefix)
    group by codes.industry_code
)

select
    matched.industry_code,
    {% for metric in size_metrics() %}
        max(case when bounds.metric = '{{ metric }}' then bounds.large_lower end) as {{ metric }}_large,
        max(case when bounds.metric = '{{ metric }}' then bounds.medium_lower end) as {{ metric }}_medium,
        max(case when bounds.metric = '{{ metric }}' then bounds.small_lower end) as {{ metric }}_small,
    {% endfor %}
    matched.standard_industry
from matched
inner join {{ ref('sme_size_standard') }} as bounds on matched.standard_industry = bounds.industry_code
group by matched.industry_code, matched.standard_industry
