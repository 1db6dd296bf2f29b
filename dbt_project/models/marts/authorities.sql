-- One row each of the provincial authorities (Art. 4): what its zones owe, what asks for an answer, and its
-- recommendations against the quota.
with zones_by_authority as (
    select
        authority_code,
        sum(case when is_designated then 1 else 0 end) as zones_designated
    from {{ ref('zones') }}
    group by authority_code
),

reports_by_authority as (
    select
        zones.authority_code,
        count(*) as reports_owed,
        sum(case when reports.status = 'on_time' then 1 else 0 end) as reports_on_time,
        sum(case when reports.status = 'late' then 1 else 0 end) as reports_late,
        sum(case when reports.status in ('missing', 'rejected') then 1 else 0 end) as reports_missing
    from {{ ref('int_reports_judged') }} as reports
    inner join {{ ref('zones') }} as zones on reports.zone_id = zones.zone_id
    where reports.report_year = {{ latest_report_year() }}
    group by zones.authority_code
),

findings_by_authority as (
    select
        authority_code,
        sum(open_findings) as open_findings
    from {{ ref('int_findings_counted') }}
    group by authority_code
),

recommendations_by_authority as (
    select
        zones.authority_code,
        count(*) as recommended
    from {{ ref('int_applications_followed') }} as applications
    inner join {{ ref('zones') }} as zones on applications.zone_id = zones.zone_id
    where extract(year from applications.recommended_on) = extract(year from {{ as_of_day() }})
    group by zones.authority_code
)

select
    authorities.authority_code,
    cast(coalesce(zones_by_authority.zones_designated, 0) as integer) as zones_designated,
    cast(coalesce(reports_by_authority.reports_owed, 0) as integer) as reports_owed,
    cast(coalesce(reports_by_authority.reports_on_time, 0) as integer) as reports_on_time,
    cast(coalesce(reports_by_authority.reports_late, 0) as integer) as reports_late,
    cast(coalesce(reports_by_authority.reports_missing, 0) as integer) as reports_missing,
    cast(coalesce(findings_by_authority.open_findings, 0) as integer) as open_findings,
    cast(coalesce(recommendations_by_authority.recommended, 0) as integer) as recommended,
    quotas.quota as recommendation_quota
from {{ ref('provincial_authorities') }} as authorities
left join zones_by_authority on authorities.authority_code = zones_by_authority.authority_code
left join reports_by_authority on authorities.authority_code = reports_by_authority.authority_code
left join findings_by_authority on authorities.authority_code = findings_by_authority.authority_code
left join recommendations_by_authority
    on authorities.authority_code = recommendations_by_authority.authority_code
left join {{ ref('recommendation_quotas') }} as quotas
    on
        authorities.authority_code = quotas.authority_code
        and quotas.year = extract(year from {{ as_of_day() }})
