-- The zone-year indicators of every zone and year with data, beside what the zone itself reported.
with self_reported as (
    select
        submission_id,
        year,
        indicator_code,
        max_by(value, row_number) as value
    from {{ ref('stg_lake__self_reported') }}
    group by submission_id, year, indicator_code
)

select
    evaluations.zone_id,
    evaluations.year,
    evaluated.indicator_code,
    indicators.name_zh,
    indicators.unit,
    evaluated.value,
    evaluated.value as value_low,
    evaluated.value_high,
    evaluations.submission_id,
    self_reported.value as self_reported
from {{ ref('int_evaluations_listed') }} as evaluations
inner join {{ ref('int_indicators_evaluated') }} as evaluated
    on evaluations.evaluation_id = evaluated.evaluation_id
inner join {{ ref('indicator_definitions') }} as indicators
    on evaluated.indicator_code = indicators.indicator_code and indicators.grain = 'zone-year'
left join self_reported
    on
        evaluations.submission_id = self_reported.submission_id
        and evaluations.year = self_reported.year
        and evaluated.indicator_code = self_reported.indicator_code
where evaluations.evaluation_kind = 'zone_year'
