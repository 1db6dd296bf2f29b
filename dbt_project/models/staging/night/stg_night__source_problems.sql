select
    source,
    request,
    fetched_at,
    case_id,
    field,
    value,
    row_identity
from {{ source('night', 'source_problems') }}
