-- Whose data count for a zone and year: the newest submission in force whose roster covers the year.
select
    measured.zone_id,
    measured.year,
    max_by(measured.submission_id, (submissions.received_at, submissions.submission_id)) as submission_id
from {{ ref('int_rosters_measured') }} as measured
inner join {{ ref('int_submissions_versioned') }} as submissions
    on measured.submission_id = submissions.submission_id
group by measured.zone_id, measured.year
