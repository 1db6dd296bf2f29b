-- The releases known: those that the last release knew, and this one with its counts.
with received as (
    select
        count(*) as submissions,
        count(case when status = 'accepted' then 1 end) as accepted
    from {{ ref('submissions') }}
),

designated as (
    select count(*) as zones_designated
    from {{ ref('zones') }}
    where is_designated
),

found as (
    select
        count(*) as findings,
        count(case when disposition = 'open' then 1 end) as open_findings
    from {{ ref('quality_failures') }}
)

select
    cast(release_id as integer) as release_id,
    as_of,
    started_at,
    code_version,
    rules_version,
    cast(replaces as integer) as replaces,
    false as is_current,
    rolled_back,
    submissions,
    accepted,
    zones_designated,
    findings,
    open_findings
from {{ ref('stg_last_release__releases') }}
union all
select
    {{ of_this_release('number', 'integer') }} as release_id,
    {{ as_of_moment() }} as as_of,
    {{ of_this_release('started_at', 'timestamp') }} as started_at,
    {{ of_this_release('code_version') }} as code_version,
    {{ of_this_release('rules_version') }} as rules_version,
    (select cast(compared.release_id as integer) from {{ ref('stg_last_release__compared') }} as compared)
        as replaces,
    true as is_current,
    false as rolled_back,
    received.submissions,
    received.accepted,
    designated.zones_designated,
    found.findings,
    found.open_findings
from received
cross join designated
cross join found
