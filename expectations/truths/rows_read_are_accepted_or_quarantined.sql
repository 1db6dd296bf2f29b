select submission_id, table_name, rows_read, rows_accepted, rows_quarantined
from {batch}
where rows_read is distinct from rows_accepted + rows_quarantined
