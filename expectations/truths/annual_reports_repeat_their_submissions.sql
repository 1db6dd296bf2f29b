with reports as (select * from {batch}),

received as (
    select
        zone_id,
        report_year,
        min(received_at) as first_received_at,
        min(received_at) filter (status = 'accepted') as accepted_at
    from marts.submissions
    where submission_type = 'annual_report'
    group by all
)

select
    reports.zone_id,
    reports.report_year,
    reports.first_received_at,
    reports.accepted_at,
    received.first_received_at as first_submission_at,
    received.accepted_at as accepted_submission_at
from reports
left join received using (zone_id, report_year)
where
    reports.accepted_at is distinct from received.accepted_at
    or reports.first_received_at <> received.first_received_at
    or (reports.first_received_at is null and received.first_received_at is not null)
