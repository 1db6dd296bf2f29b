select
    submission_id,
    row_number,
    year,
    indicator_code,
    value
from {{ source('lake', 'self_reported') }}
