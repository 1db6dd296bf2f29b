select
    submission_id,
    row_number,
    category,
    name,
    level,
    country,
    established_on,
    ended_on
from {{ source('lake', 'cooperation') }}
