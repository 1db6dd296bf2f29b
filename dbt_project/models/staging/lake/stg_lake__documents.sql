select
    submission_id,
    row_number,
    document_type,
    title,
    dated_on
from {{ source('lake', 'documents') }}
