select
    zone_id,
    revoked_on,
    ground,
    decision_no
from {{ source('ledgers', 'revocations') }}
where is_in_force
