with metrics as (
    select * from {batch} where unit <> 'points'
),

summed as (
    select
        metrics.metric_code,
        authorities.region,
        sum(metrics.numerator) as numerator,
        coalesce(sum(metrics.denominator), 0) as denominator
    from metrics
    inner join seeds.provincial_authorities as authorities on metrics.member = authorities.authority_code
    where metrics.dimension = 'authority'
    group by metrics.metric_code, authorities.region
)

select metrics.metric_code, metrics.member, metrics.numerator, summed.numerator as numerator_of_authorities
from metrics
inner join summed on metrics.metric_code = summed.metric_code and metrics.member = summed.region
where metrics.dimension = 'region'
    and (metrics.numerator <> summed.numerator or coalesce(metrics.denominator, 0) <> summed.denominator)
