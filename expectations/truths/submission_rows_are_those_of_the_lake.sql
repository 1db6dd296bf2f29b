with published as (select * from {batch})

select
    published.submission_id,
    published.roster_rows,
    counted.rows_read,
    published.quarantined_rows,
    counted.rows_quarantined
from published
left join lake.row_counts as counted
    on published.submission_id = counted.submission_id and counted.table_name = 'roster'
where published.roster_rows is distinct from counted.rows_read
    or published.quarantined_rows is distinct from counted.rows_quarantined
