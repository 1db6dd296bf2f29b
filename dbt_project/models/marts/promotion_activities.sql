select
    activity_id,
    cast(article as integer) as article,
    authority_code,
    zone_id,
    kind,
    held_on,
    participants
from {{ ref('stg_ledgers__promotion') }}
