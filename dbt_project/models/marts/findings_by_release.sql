-- Findings by rule of every release until now: those that the last release counted, and this one's.
select
    cast(release_id as integer) as release_id,
    as_of,
    rule_id,
    severity,
    findings,
    open_findings
from {{ ref('stg_last_release__findings_by_release') }}
union all
select
    {{ of_this_release('number', 'integer') }} as release_id,
    {{ as_of_moment() }} as as_of,
    rule_id,
    severity,
    count(*) as findings,
    count(case when disposition = 'open' then 1 end) as open_findings
from {{ ref('quality_failures') }}
group by rule_id, severity
