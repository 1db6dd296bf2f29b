with counted as (select * from {batch}),

expected as (
    select submissions.submission_id, sheets.table_name
    from night.submissions as submissions
    cross join seeds.workbook_sheets as sheets
    where sheets.layout = 'table'
)

select
    coalesce(expected.submission_id, counted.submission_id) as submission_id,
    coalesce(expected.table_name, counted.table_name) as table_name,
    count(counted.submission_id) as times_counted
from expected
full join counted using (submission_id, table_name)
group by all
having count(counted.submission_id) <> 1 or count(expected.submission_id) <> 1
