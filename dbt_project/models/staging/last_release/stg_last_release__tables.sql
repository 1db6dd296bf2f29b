select
    mart,
    is_whole,
    lacking
from {{ source('last_release', 'tables') }}
