select
    input_kind,
    source,
    input_key,
    scope,
    matter,
    says,
    fingerprint,
    place
from {{ source('last_release', 'inputs_in_force') }}
