-- The provincial statistics that a comparison needs (annex 2): wherever a zone's own growth is computable,
-- the province's figures of the same two years.
select distinct
    evaluations.statistics_region_code as region_code,
    growth.province_indicator as indicator,
    evaluations.year,
    evaluations.year - growth.base_years as base_year
from {{ ref('int_growth_paired') }} as paired
inner join {{ ref('growth_indicators') }} as growth
    on paired.ratio_code = growth.ratio_code and growth.lead_code is not null
inner join {{ ref('int_evaluations_listed') }} as evaluations
    on paired.evaluation_id = evaluations.evaluation_id
where paired.base_value is not null and evaluations.statistics_region_code is not null
