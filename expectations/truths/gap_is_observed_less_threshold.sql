select assessment_id, criterion_id, observed, threshold, gap
from {batch}
where gap is distinct from observed - threshold
