-- The answers to findings that hold on the as-of day: through their last day.
select
    failure_id,
    disposition
from {{ ref('stg_ledgers__dispositions') }}
where expires_on is null or {{ as_of_day() }} <= expires_on
