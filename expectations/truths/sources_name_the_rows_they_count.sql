select
    evaluation_id,
    indicator_code,
    source_year,
    rows_counted,
    row_numbers
from {batch}
where row_numbers is null or len(string_split(row_numbers, ', ')) > rows_counted
