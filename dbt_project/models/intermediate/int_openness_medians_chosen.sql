-- The median of the reference openness scores of annual reports in force, by dimension and member: the middle
-- score, or the sum of the two in the middle (numerator), and how many those are (denominator).
with scores as (
    select
        assessments.report_year,
        zones.authority_code,
        authorities.region,
        scorecards.reference_openness_low,
        scorecards.reference_openness_high
    from {{ ref('scorecards') }} as scorecards
    inner join {{ ref('eligibility') }} as assessments on scorecards.assessment_id = assessments.assessment_id
    left join {{ ref('zones') }} as zones on assessments.zone_id = zones.zone_id
    left join {{ ref('provincial_authorities') }} as authorities
        on zones.authority_code = authorities.authority_code
    where assessments.submission_type = 'annual_report'
),

ends as (
    select
        'openness_median_low' as metric_code,
        report_year,
        authority_code,
        region,
        reference_openness_low as score
    from scores
    union all
    select
        'openness_median_high' as metric_code,
        report_year,
        authority_code,
        region,
        reference_openness_high as score
    from scores
),

told as (
    {{ by_dimension('ends', ['metric_code', 'score']) }}
),

ranked as (
    select
        *,
        row_number() over (partition by metric_code, dimension, member order by score) as place,
        count(*) over (partition by metric_code, dimension, member) as score_count
    from told
    where score is not null
)

select
    metric_code,
    dimension,
    member,
    cast(sum(score) as decimal(38, 18)) as numerator,
    cast(count(*) as decimal(38, 18)) as denominator
from ranked
where 2 * place between score_count and score_count + 2
group by metric_code, dimension, member
