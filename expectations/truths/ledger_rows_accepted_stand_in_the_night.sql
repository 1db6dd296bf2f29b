with counted as (select * from {batch})

select
    coalesce(counted.ledger, stored.ledger) as ledger,
    coalesce(counted.ledger_file, stored.ledger_file) as ledger_file,
    counted.rows_accepted as rows_counted,
    stored.stored_rows as rows_stored
from counted
full join night.ledger_row_counts as stored using (ledger, ledger_file)
where coalesce(counted.rows_accepted, 0) <> coalesce(stored.stored_rows, 0)
