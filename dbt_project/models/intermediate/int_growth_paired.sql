-- Every growth indicator of an evaluation: the measure of its year beside that of the base year, and the same
-- of the province where the growth is compared with it. A base that is missing, zero or negative makes the
-- growth not computable: both are null.
with paired as (
    select
        evaluations.evaluation_id,
        growth.ratio_code,
        growth.lead_code,
        present.numerator as present_value,
        case when base.numerator > 0 and present.numerator is not null then base.numerator end as base_value,
        province.present_value as province_present_value,
        province.base_value as province_base_value
    from {{ ref('int_evaluations_listed') }} as evaluations
    cross join {{ ref('growth_indicators') }} as growth
    left join {{ ref('int_indicators_measured') }} as present
        on
            evaluations.submission_id = present.submission_id
            and evaluations.year = present.year
            and growth.measure_code = present.indicator_code
    left join {{ ref('int_growth_bases_chosen') }} as bases
        on evaluations.evaluation_id = bases.evaluation_id and growth.base_years = bases.base_years
    left join {{ ref('int_indicators_measured') }} as base
        on
            bases.base_submission_id = base.submission_id
            and evaluations.year - growth.base_years = base.year
            and growth.measure_code = base.indicator_code
    left join {{ ref('int_province_growth_paired') }} as province
        on
            evaluations.statistics_region_code = province.region_code
            and evaluations.year = province.year
            and growth.province_ratio_code = province.province_ratio_code
)

select
    evaluation_id,
    ratio_code,
    lead_code,
    case when base_value is not null then present_value end as present_value,
    base_value,
    province_present_value,
    province_base_value
from paired
