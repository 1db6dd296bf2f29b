select
    parameter,
    value,
    article
from {{ ref('int_parameters_resolved') }}
