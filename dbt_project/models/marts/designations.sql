select
    zone_id,
    cast(term_no as integer) as term_no,
    term_from,
    term_to,
    cast(days_to_expiry as integer) as days_to_expiry,
    status
from {{ ref('int_terms_judged') }}
