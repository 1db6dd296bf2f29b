select
    zone_id,
    term_no,
    term_to,
    status
from {{ source('last_release', 'designations') }}
