with counted as (select * from {batch})

select
    coalesce(counted.submission_id, stored.submission_id) as submission_id,
    coalesce(counted.table_name, stored.table_name) as table_name,
    counted.rows_quarantined as rows_counted,
    stored.stored_rows as rows_stored
from counted
full join lake.quarantined_counts as stored using (submission_id, table_name)
where coalesce(counted.rows_quarantined, 0) <> coalesce(stored.stored_rows, 0)
