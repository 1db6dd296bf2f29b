with published as (select * from {batch}),

ranked as (
    select
        *,
        status = 'accepted' and row_number() over (
            partition by zone_id, submission_type, report_year, status
            order by received_at desc, submission_id desc
        ) = 1 as must_be_in_force
    from published
)

select submission_id, zone_id, submission_type, report_year, version, status, in_force, must_be_in_force
from ranked
where in_force is distinct from must_be_in_force
