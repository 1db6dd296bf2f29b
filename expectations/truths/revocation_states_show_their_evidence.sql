select zone_id, clause, state, evidence
from {batch}
where (state = 'clear') <> (evidence is null)
