-- How each source from outside stands at the moment: one row a fault of it, one row when it has none. A
-- request fails when its newest attempt did; several have succeeded when the last of them has.
with numbered as (
    select
        source,
        request,
        attempt_number,
        attempted_at,
        outcome,
        case_id,
        row_number() over (partition by source, request order by attempt_number desc) as recency,
        max(case when outcome <> 'failed' then attempt_number end) over (
            partition by source, request
        ) as last_success
    from {{ ref('stg_night__source_attempts') }}
),

requests as (
    select
        source,
        request,
        max(case when recency = 1 then case_id end) as case_id,
        max(case when attempt_number = last_success then attempted_at end) as succeeded_at,
        min(case when attempt_number > coalesce(last_success, -1) then attempted_at end) as failing_since
    from numbered
    group by source, request
),

failing as (
    select distinct source
    from requests
    where case_id is not null
)

select
    requests.source,
    requests.case_id,
    nullif(string_agg(requests.request, '、' order by requests.request), '') as requests,
    min(requests.failing_since) as failing_since,
    case when count(*) = count(requests.succeeded_at) then min(requests.succeeded_at) end as succeeded_at
from requests
left join failing on requests.source = failing.source
where requests.case_id is not null or failing.source is null
group by requests.source, requests.case_id
