select submission_id, report_year, received_at
from {batch}
where status = 'accepted'
    and (
        report_year is null
        or report_year >= year(received_at)
        or report_year < (
            select cast(value as integer)
            from seeds.reading_limits
            where limit_name = 'earliest_report_year'
        )
    )
