-- The one generic evaluation: every criterion in force for the report year of every assessment, by its
-- strict threshold and, where the region has one, by its relaxed threshold. Thresholds, operators, years of
-- force and alternatives are rows of the seed `criteria`; nothing here knows any of them.
with criteria_in_force as (
    select
        assessments.assessment_id,
        assessments.zone_id,
        assessments.submission_type,
        assessments.report_year,
        criteria.*,
        coalesce(measures.measured_by, criteria.indicator_code) as observed_code
    from {{ ref('int_assessments_framed') }} as assessments
    inner join {{ ref('criteria') }} as criteria
        on
            criteria.from_report_year <= assessments.report_year
            and (criteria.to_report_year is null or assessments.report_year <= criteria.to_report_year)
    left join
        {{ ref('int_measures_replaced') }} as measures
        on criteria.indicator_code = measures.indicator_code
),

observed as (
    select
        criteria_in_force.*,
        relaxations.relaxed_threshold,
        indicators.value as observed,
        {{ indicator_compared('indicators.numerator', 'criteria_in_force.threshold') }} as low_sign,
        {{ indicator_compared('indicators.numerator', 'relaxations.relaxed_threshold') }} as relaxed_low_sign,
        case
            when indicators.numerator_high <> indicators.numerator
                then {{ indicator_compared('indicators.numerator_high', 'criteria_in_force.threshold') }}
        end as high_sign,
        case
            when indicators.numerator_high <> indicators.numerator
                then {{ indicator_compared('indicators.numerator_high', 'relaxations.relaxed_threshold') }}
        end as relaxed_high_sign
    from criteria_in_force
    left join {{ ref('int_indicators_evaluated') }} as indicators
        on
            criteria_in_force.assessment_id = indicators.evaluation_id
            and criteria_in_force.observed_code = indicators.indicator_code
    left join {{ ref('int_relaxations_chosen') }} as relaxations
        on
            criteria_in_force.assessment_id = relaxations.assessment_id
            and criteria_in_force.criterion_id = relaxations.criterion_id
),

judged as (
    select
        *,
        {{ result_of(operator_fulfilled('operator', 'low_sign')) }} as low_result,
        {{ result_of(operator_fulfilled('operator', 'coalesce(high_sign, low_sign)')) }} as high_result,
        {{ result_of(operator_fulfilled('operator', 'relaxed_low_sign')) }} as relaxed_low_result,
        {{ result_of(operator_fulfilled('operator', 'coalesce(relaxed_high_sign, relaxed_low_sign)')) }}
            as relaxed_high_result
    from observed
)

select
    assessment_id,
    zone_id,
    submission_type,
    report_year,
    criterion_id,
    observed_code as indicator_code,
    name_zh,
    requirement_id,
    dimension,
    binding,
    article,
    observed,
    operator,
    threshold,
    relaxed_threshold,
    {{ agreed('low_result', 'high_result') }} as result,
    case
        when relaxed_threshold is null then {{ agreed('low_result', 'high_result') }}
        else {{ agreed('relaxed_low_result', 'relaxed_high_result') }}
    end as relaxed_result
from judged
