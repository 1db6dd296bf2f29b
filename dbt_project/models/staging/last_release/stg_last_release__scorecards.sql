select
    assessment_id,
    outcome
from {{ source('last_release', 'scorecards') }}
