select
    region,
    criterion_id,
    from_report_year,
    to_report_year,
    threshold,
    decision_no
from {{ source('ledgers', 'relaxations') }}
where is_in_force
