select
    source,
    title_zh,
    title_en,
    ledger,
    fresh_within_days,
    may_fail_for_hours
from {{ source('night', 'sources') }}
