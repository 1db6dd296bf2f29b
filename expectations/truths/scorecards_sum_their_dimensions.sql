with summed as (
    select
        assessment_id,
        sum(coalesce(panel_score, 0)) as panel_low,
        sum(coalesce(panel_score, points)) as panel_high,
        sum(coalesce(panel_score, 0)) filter (where dimension = 'openness') as openness_low,
        sum(coalesce(panel_score, points)) filter (where dimension = 'openness') as openness_high,
        sum(reference_low) as reference_low,
        sum(reference_high) as reference_high,
        sum(reference_low) filter (where dimension = 'openness') as reference_openness_low,
        sum(reference_high) filter (where dimension = 'openness') as reference_openness_high
    from marts.scorecard_dimensions
    group by assessment_id
),

published as (select * from {batch})

select
    coalesce(published.assessment_id, summed.assessment_id) as assessment_id,
    published.panel_low,
    summed.panel_low as panel_low_summed,
    published.panel_high,
    summed.panel_high as panel_high_summed,
    published.reference_low,
    summed.reference_low as reference_low_summed,
    published.reference_high,
    summed.reference_high as reference_high_summed
from published
full join summed using (assessment_id)
where published.panel_low is distinct from summed.panel_low
    or published.panel_high is distinct from summed.panel_high
    or published.openness_low is distinct from summed.openness_low
    or published.openness_high is distinct from summed.openness_high
    or published.reference_low is distinct from summed.reference_low
    or published.reference_high is distinct from summed.reference_high
    or published.reference_openness_low is distinct from summed.reference_openness_low
    or published.reference_openness_high is distinct from summed.reference_openness_high
