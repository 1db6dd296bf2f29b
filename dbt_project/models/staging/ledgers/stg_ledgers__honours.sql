select
    uscc,
    tier,
    valid_from,
    valid_to
from {{ source('ledgers', 'honours') }}
where is_in_force
