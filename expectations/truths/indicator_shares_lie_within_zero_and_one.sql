select zone_id, year, indicator_code, value, value_low, value_high
from {batch}
where ends_with(indicator_code, '_SHARE')
    and (least(value, value_low, value_high) < 0 or greatest(value, value_low, value_high) > 1)
