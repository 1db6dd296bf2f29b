-- Distinct service areas with an activity. Activities lie within the report year, so they say nothing of the
-- other years of the roster.
{{ config(materialized='view') }}

with counted as (
    select
        submission_id,
        count(distinct service_area) as areas
    from {{ ref('stg_lake__activities') }}
    group by submission_id
)

select
    measured.submission_id,
    measured.zone_id,
    measured.year,
    case
        when measured.year = submissions.report_year
            then cast(coalesce(counted.areas, 0) as {{ measure_type() }})
    end as areas
from {{ ref('int_rosters_measured') }} as measured
inner join {{ ref('int_submissions_versioned') }} as submissions
    on measured.submission_id = submissions.submission_id
left join counted on measured.submission_id = counted.submission_id
