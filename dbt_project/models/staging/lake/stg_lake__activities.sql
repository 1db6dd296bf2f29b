select
    submission_id,
    row_number,
    held_on,
    service_area,
    name,
    participants
from {{ source('lake', 'activities') }}
