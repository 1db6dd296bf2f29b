select
    parameter,
    value
from {{ source('last_release', 'parameters_in_force') }}
