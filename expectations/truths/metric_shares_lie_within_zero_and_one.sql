select metric_code, dimension, member, numerator, denominator
from {batch}
where unit = 'ratio' and (numerator < 0 or numerator > denominator)
