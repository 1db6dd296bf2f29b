-- The releases known: those that the last release knew, and this one with its counts.
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
from {{ source('last_release', 'releases') }}
union all
select
    {{ of_this_release('number', 'integer') }} as release_id,
    {{ as_of_moment() }} as as_of,
    {{ of_this_release('started_at', 'timestamp') }} as started_at,
    {{ of_this_release('code_version') }} as code_version,
    {{ of_this_release('rules_version') }} as rules_version,
    (select cast(compared.release_id as integer) from {{ source('last_release', 'compared') }} as compared)
        as replaces,
    true as is_current,
    false as rolled_back,
    (select count(*) from {{ ref('submissions') }}) as submissions,
    (select count(*) from {{ ref('submissions') }} where status = 'accepted') as accepted,
    (select count(*) from {{ ref('zones') }} where is_designated) as zones_designated,
    (select count(*) from {{ ref('quality_failures') }}) as findings,
    (select count(*) from {{ ref('quality_failures') }} where disposition = 'open') as open_findings
