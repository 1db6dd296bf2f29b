select
    submission_id,
    file_name,
    received_at,
    received_basis,
    zone_sent_at,
    sent_by
from {{ source('night', 'submissions') }}
