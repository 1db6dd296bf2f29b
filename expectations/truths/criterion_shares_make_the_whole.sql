select member, sum(numerator) as told, max(denominator) as assessed
from {batch}
where metric_code in ('criterion_met_share', 'criterion_not_met_share', 'criterion_unknown_share')
group by member
having sum(numerator) <> max(denominator) or min(denominator) <> max(denominator)
