select
    source,
    request,
    attempt_number,
    attempted_at,
    outcome,
    case_id
from {{ source('night', 'source_attempts') }}
