select zone_id, year, indicator_code, value, value_low, value_high
from {batch}
where value < value_low
    or value > value_high
    or value_low > value_high
