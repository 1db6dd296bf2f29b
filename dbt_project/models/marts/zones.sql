-- Every zone with a designation, an application or an accepted submission. Its attributes come from the
-- newest designation, else from the cover of the newest submission in force.
with zone_ids as (
    select zone_id from {{ ref('stg_ledgers__designations') }}
    union
    select zone_id from {{ ref('stg_ledgers__applications') }}
    union
    select zone_id from {{ ref('int_submissions_versioned') }}
    where status = 'accepted'
),

newest_designations as (
    select
        *,
        row_number() over (partition by zone_id order by designated_on desc) as recency
    from {{ ref('stg_ledgers__designations') }}
),

newest_covers as (
    select
        *,
        row_number() over (partition by zone_id order by received_at desc, submission_id desc) as recency
    from {{ ref('int_submissions_versioned') }}
    where in_force
),

designated as (
    select distinct zone_id
    from {{ ref('int_terms_judged') }}
    where
        is_of_running_designation
        and has_begun
        and status in ('valid', 'expiring', 'expired_pending_review')
),

described as (
    select
        zone_ids.zone_id,
        case
            when designations.zone_id is not null then designations.zone_name
            else covers.zone_name
        end as zone_name,
        case
            when designations.zone_id is not null then designations.authority_code
            else covers.authority_code
        end as authority_code,
        case
            when designations.zone_id is not null then designations.prefecture_code
            else covers.prefecture_code
        end as prefecture_code,
        coalesce(designations.is_legacy, false) as is_legacy
    from zone_ids
    left join newest_designations as designations
        on zone_ids.zone_id = designations.zone_id and designations.recency = 1
    left join newest_covers as covers on zone_ids.zone_id = covers.zone_id and covers.recency = 1
)

select
    described.zone_id,
    described.zone_name,
    described.authority_code,
    authorities.name_zh as authority_name,
    described.prefecture_code,
    authorities.region,
    authorities.relaxation_eligible,
    designated.zone_id is not null as is_designated,
    described.is_legacy
from described
left join {{ ref('provincial_authorities') }} as authorities
    on described.authority_code = authorities.authority_code
left join designated on described.zone_id = designated.zone_id
