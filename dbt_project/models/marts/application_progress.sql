select
    zone_id,
    report_year,
    stage,
    stage_on,
    publicity_ends_on,
    objected
from {{ ref('int_applications_followed') }}
