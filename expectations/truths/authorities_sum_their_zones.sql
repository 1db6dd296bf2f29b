with authorities as (select * from {batch}),

zones as (
    select authority_code, count(*) filter (is_designated) as zones_designated
    from marts.zones
    group by all
),

reports as (
    select zones.authority_code, annual_reports.report_year, count(*) as reports_owed
    from marts.annual_reports as annual_reports
    inner join marts.zones as zones using (zone_id)
    group by all
)

select
    authorities.authority_code,
    authorities.zones_designated,
    coalesce(zones.zones_designated, 0) as designated_among_the_zones,
    authorities.reports_owed,
    authorities.reports_on_time,
    authorities.reports_late,
    authorities.reports_missing
from authorities
left join zones using (authority_code)
where
    authorities.zones_designated <> coalesce(zones.zones_designated, 0)
    or authorities.reports_owed
    < authorities.reports_on_time + authorities.reports_late + authorities.reports_missing
    or (
        authorities.reports_owed > 0
        and not exists (
            select 1 from reports
            where
                reports.authority_code = authorities.authority_code
                and reports.reports_owed = authorities.reports_owed
        )
    )
