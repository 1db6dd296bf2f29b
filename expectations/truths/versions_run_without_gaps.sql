with numbered as (
    select
        *,
        row_number() over (
            partition by zone_id, submission_type, report_year
            order by received_at, submission_id
        ) as version_expected
    from {batch}
)

select submission_id, zone_id, submission_type, report_year, version, version_expected
from numbered
where version is distinct from version_expected
