select ledger, ledger_file, rows_read, rows_accepted, rows_quarantined, rows_later
from {batch}
where rows_read is distinct from rows_accepted + rows_quarantined + rows_later
