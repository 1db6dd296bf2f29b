select
    submission_id,
    sheet,
    header
from {{ source('lake', 'extras') }}
