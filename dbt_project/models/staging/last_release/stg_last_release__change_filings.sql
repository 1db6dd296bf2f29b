select
    change_id,
    zone_id,
    deadline_on,
    status
from {{ source('last_release', 'change_filings') }}
