select change_key, cause_no, from_value, to_value, release_id, since_release_id
from {batch}
where from_value is not distinct from to_value
    or release_id is distinct from (select release_id from marts.releases where is_current)
    or since_release_id is distinct from (select replaces from marts.releases where is_current)
