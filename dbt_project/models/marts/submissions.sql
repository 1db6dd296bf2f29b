select
    submission_id,
    file_name,
    zone_id,
    submission_type,
    report_year,
    received_at,
    received_basis,
    zone_sent_at,
    cast(version as integer) as version,
    status,
    in_force,
    cast(roster_rows as integer) as roster_rows,
    cast(quarantined_rows as integer) as quarantined_rows
from {{ ref('int_submissions_versioned') }}
