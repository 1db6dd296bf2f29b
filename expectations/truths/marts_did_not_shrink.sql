select compared.mart, compared.rows_before, compared.rows_now, drift.largest_fall_share
from (select * from {batch}) as compared
left join seeds.row_count_drift as drift using (mart)
where compared.rows_before - compared.rows_now
    > compared.rows_before * coalesce(cast(drift.largest_fall_share as decimal(9, 6)), $tolerance)
