-- Who speaks for the base year of an evaluation's growth indicators: for an assessment its own submission
-- where its roster covers that year, otherwise what counts for the zone and year.
with spans as (
    select distinct base_years from {{ ref('growth_indicators') }}
)

select
    evaluations.evaluation_id,
    spans.base_years,
    coalesce(own.submission_id, chosen.submission_id) as base_submission_id
from {{ ref('int_evaluations_listed') }} as evaluations
cross join spans
left join {{ ref('int_rosters_measured') }} as own
    on
        evaluations.evaluation_kind = 'assessment'
        and evaluations.submission_id = own.submission_id
        and evaluations.year - spans.base_years = own.year
left join {{ ref('int_zone_years_chosen') }} as chosen
    on
        evaluations.zone_id = chosen.zone_id
        and evaluations.year - spans.base_years = chosen.year
where coalesce(own.submission_id, chosen.submission_id) is not null
