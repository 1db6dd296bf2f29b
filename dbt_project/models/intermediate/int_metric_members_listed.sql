-- The members of every dimension of the metrics with their names, whether anything was counted for them or
-- not.
select
    'all' as dimension,
    code as member,
    zh as member_name_zh,
    en as member_name_en
from {{ ref('messages') }}
where kind = 'metric_member'
union all
select
    kind as dimension,
    code as member,
    zh as member_name_zh,
    en as member_name_en
from {{ ref('messages') }}
where kind in ('region', 'submission_type')
union all
select
    'authority' as dimension,
    authority_code as member,
    name_zh as member_name_zh,
    name_en as member_name_en
from {{ ref('provincial_authorities') }}
union all
select
    'report_year' as dimension,
    cast(report_year as varchar) as member,
    cast(report_year as varchar) as member_name_zh,
    cast(report_year as varchar) as member_name_en
from (
    select report_year from {{ ref('annual_reports') }}
    union
    select report_year from {{ ref('eligibility') }}
    where submission_type = 'annual_report'
) as report_years
union all
select
    'criterion' as dimension,
    criterion_id as member,
    name_zh as member_name_zh,
    name_en as member_name_en
from {{ ref('criteria') }}
where
    {{ latest_report_year() }} >= from_report_year
    and {{ latest_report_year() }} <= coalesce(to_report_year, {{ latest_report_year() }})
union all
select
    'clause' as dimension,
    cast(clause as varchar) as member,
    ground_zh as member_name_zh,
    ground_en as member_name_en
from {{ ref('revocation_grounds') }}
union all
select
    'rule' as dimension,
    rule_id as member,
    what_must_hold_zh as member_name_zh,
    what_must_hold as member_name_en
from {{ ref('quality_rules') }}
