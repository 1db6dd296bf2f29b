select metrics.metric_code, metrics.member, metrics.numerator, counted.count_of_the_authority
from (select * from {batch}) as metrics
inner join (
    unpivot (
        select authority_code, zones_designated, reports_owed, reports_on_time, reports_late, reports_missing,
            open_findings, recommended as zones_recommended
        from marts.authorities
    )
    on columns(* exclude (authority_code)) into name metric_code value count_of_the_authority
) as counted
    on metrics.metric_code = counted.metric_code and metrics.member = counted.authority_code
where metrics.dimension = 'authority' and metrics.value <> counted.count_of_the_authority
