select
    release_id,
    as_of,
    code_version,
    rules_version
from {{ source('last_release', 'compared') }}
