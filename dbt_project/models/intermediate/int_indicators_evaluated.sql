-- Every indicator of every evaluation as an exact ratio: (numerator × numerator_factor) over
-- (denominator × denominator_factor), with the numerator's high end where unknown sizes leave room. A null
-- numerator is an indicator that can't be computed. `value` and `value_high` are what is stored of it.
with measured as (
    select
        evaluations.evaluation_id,
        measured.indicator_code,
        measured.numerator,
        measured.numerator_high,
        cast(1 as {{ measure_type() }}) as numerator_factor,
        measured.denominator,
        cast(1 as {{ measure_type() }}) as denominator_factor
    from {{ ref('int_evaluations_listed') }} as evaluations
    inner join {{ ref('int_indicators_measured') }} as measured
        on evaluations.submission_id = measured.submission_id and evaluations.year = measured.year
),

growth as (
    select
        evaluation_id,
        ratio_code as indicator_code,
        present_value as numerator,
        present_value as numerator_high,
        cast(1 as {{ measure_type() }}) as numerator_factor,
        base_value as denominator,
        cast(1 as {{ measure_type() }}) as denominator_factor
    from {{ ref('int_growth_paired') }}
),

leads as (
    select
        evaluation_id,
        lead_code as indicator_code,
        case when province_base_value is not null then present_value end as numerator,
        case when province_base_value is not null then present_value end as numerator_high,
        province_base_value as numerator_factor,
        base_value as denominator,
        province_present_value as denominator_factor
    from {{ ref('int_growth_paired') }}
    where lead_code is not null
),

counted_of_assessments as (
    select
        assessment_id as evaluation_id,
        indicator_code,
        records_counted as numerator
    from {{ ref('int_conduct_counted') }}
    union all
    select
        assessment_id as evaluation_id,
        indicator_code,
        documents_counted as numerator
    from {{ ref('int_documents_counted') }}
    {% for code in ['in_one_prefecture', 'boundary_defined', 'functions_defined'] %}
        union all
        select
            assessment_id as evaluation_id,
            '{{ code | upper }}' as indicator_code,
            {{ code }} as numerator
        from {{ ref('int_covers_checked') }}
    {% endfor %}
),

united as (
    select * from measured
    union all
    select * from growth
    union all
    select * from leads
    union all
    select
        evaluation_id,
        indicator_code,
        numerator,
        numerator as numerator_high,
        1 as numerator_factor,
        1 as denominator,
        1 as denominator_factor
    from counted_of_assessments
)

select
    *,
    {{ stored_value('numerator') }} as value,
    case
        when numerator_high = numerator then {{ stored_value('numerator') }}
        else {{ stored_value('numerator_high') }}
    end as value_high
from united
