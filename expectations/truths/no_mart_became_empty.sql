select compared.mart, compared.rows_before, compared.rows_now
from (select * from {batch}) as compared
left join seeds.row_count_drift as drift using (mart)
where compared.rows_before > 0
    and compared.rows_now = 0
    and coalesce(drift.may_become_empty, 'false') = 'false'
