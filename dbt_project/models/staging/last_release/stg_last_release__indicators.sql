select
    zone_id,
    year,
    indicator_code,
    value,
    submission_id
from {{ source('last_release', 'indicators') }}
