-- Every target of a zone's plans (Art. 9), as the newest accepted submission that states it for the plan and
-- indicator, beside the indicator of the latest year of the plan's span for which it can be computed.
with stated as (
    select
        submissions.zone_id,
        targets.plan_from,
        targets.plan_to,
        targets.indicator_code,
        targets.baseline,
        targets.target,
        row_number() over (
            partition by submissions.zone_id, targets.plan_from, targets.indicator_code
            order by submissions.received_at desc, submissions.submission_id desc, targets.row_number desc
        ) as recency
    from {{ ref('stg_lake__plan_targets') }} as targets
    inner join {{ ref('int_submissions_versioned') }} as submissions
        on targets.submission_id = submissions.submission_id and submissions.status = 'accepted'
),

reached as (
    select
        evaluations.zone_id,
        evaluations.year,
        evaluated.indicator_code,
        evaluated.numerator,
        evaluated.numerator_factor,
        evaluated.denominator,
        evaluated.denominator_factor,
        evaluated.value
    from {{ ref('int_evaluations_listed') }} as evaluations
    inner join {{ ref('int_indicators_evaluated') }} as evaluated
        on evaluations.evaluation_id = evaluated.evaluation_id
    inner join {{ ref('indicator_definitions') }} as definitions
        on evaluated.indicator_code = definitions.indicator_code and definitions.grain = 'zone-year'
    where evaluations.evaluation_kind = 'zone_year' and evaluated.value is not null
),

paired as (
    select
        stated.zone_id,
        stated.plan_from,
        stated.plan_to,
        stated.indicator_code,
        stated.baseline,
        stated.target,
        reached.value as actual,
        reached.year as actual_year,
        {{ ratio_compared(
            'reached.numerator', 'reached.numerator_factor',
            'reached.denominator', 'reached.denominator_factor',
            'stated.target',
        ) }} as target_compared,
        row_number() over (
            partition by stated.zone_id, stated.plan_from, stated.indicator_code
            order by reached.year desc nulls last
        ) as lateness
    from stated
    left join reached
        on
            stated.zone_id = reached.zone_id
            and stated.indicator_code = reached.indicator_code
            and reached.year between stated.plan_from and stated.plan_to
    where stated.recency = 1
)

-- A target below its baseline is a reduction: it is reached from above.
select
    zone_id,
    plan_from,
    plan_to,
    indicator_code,
    baseline,
    target,
    actual,
    actual_year,
    case
        when target <> baseline
            then
                sign(actual - baseline) * sign(target - baseline)
                * {{ ratio_rounded('abs(actual - baseline)', '1', 'abs(target - baseline)', '1', 9) }}
    end as completion,
    case
        when target < baseline then target_compared <= 0
        else target_compared >= 0
    end as completed
from paired
where lateness = 1
