select
    submission_id,
    row_number,
    rule_id,
    sheet,
    row_identity,
    field,
    value,
    expected,
    message_zh,
    message_en
from {{ source('night', 'findings') }}
