select
    zone_id,
    zone_name,
    authority_code,
    prefecture_code,
    designated_on,
    legacy as is_legacy,
    decision_no
from {{ source('ledgers', 'designations') }}
where is_in_force
