-- What is evaluated: every zone and year with data, and every submission in force (an assessment), each with
-- the submission that speaks for its year and the region by that submission's cover.
with zone_years as (
    select
        concat(zone_id, '|', year) as evaluation_id,
        'zone_year' as evaluation_kind,
        zone_id,
        year,
        submission_id
    from {{ ref('int_zone_years_chosen') }}
),

assessments as (
    select
        concat(zone_id, '|', submission_type, '|', report_year) as evaluation_id,
        'assessment' as evaluation_kind,
        zone_id,
        report_year as year,
        submission_id
    from {{ ref('int_submissions_versioned') }}
    where in_force
),

listed as (
    select * from zone_years
    union all
    select * from assessments
)

select
    listed.*,
    submissions.submission_type,
    submissions.received_at,
    authorities.region,
    authorities.parent_province_code as statistics_region_code
from listed
inner join {{ ref('int_submissions_versioned') }} as submissions
    on listed.submission_id = submissions.submission_id
left join {{ ref('provincial_authorities') }} as authorities
    on submissions.authority_code = authorities.authority_code
