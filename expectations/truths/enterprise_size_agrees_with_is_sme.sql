select zone_id, year, uscc, size, is_sme
from {batch}
where (size = 'large') is distinct from coalesce(not is_sme, false)
