-- Every assessment with its window (contract: "Windows"): it opens some months before the day the submission
-- was received and closes on that day for an annual report, on the day of the decision for an application or
-- a re-review, and on the as-of day while there is none.
with assessments as (
    select
        evaluation_id as assessment_id,
        submission_id,
        zone_id,
        submission_type,
        year as report_year,
        region,
        cast(received_at as date) as received_on
    from {{ ref('int_evaluations_listed') }}
    where evaluation_kind = 'assessment'
),

application_decisions as (
    select
        assessments.assessment_id,
        min(applications.occurred_on) as decided_on
    from assessments
    inner join {{ ref('stg_ledgers__applications') }} as applications
        on
            assessments.zone_id = applications.zone_id
            and assessments.report_year = applications.report_year
            and applications.stage in ('designated', 'declined', 'refused', 'withdrawn')
            and applications.occurred_on between assessments.received_on and {{ as_of_day() }}
    where assessments.submission_type = 'application'
    group by assessments.assessment_id
),

re_review_decisions as (
    select
        assessments.assessment_id,
        min(re_reviews.decided_on) as decided_on
    from assessments
    inner join {{ ref('stg_ledgers__re_reviews') }} as re_reviews
        on
            assessments.zone_id = re_reviews.zone_id
            and re_reviews.outcome in ('passed', 'failed')
            and re_reviews.decided_on between assessments.received_on and {{ as_of_day() }}
    where assessments.submission_type = 're_review'
    group by assessments.assessment_id
)

select
    assessments.*,
    {{ months_before('assessments.received_on', parameter('incident_window_months', 'integer')) }}
        as window_opens_after,
    case
        when assessments.submission_type = 'annual_report' then assessments.received_on
        else coalesce(application_decisions.decided_on, re_review_decisions.decided_on, {{ as_of_day() }})
    end as window_ends_on
from assessments
left join application_decisions on assessments.assessment_id = application_decisions.assessment_id
left join re_review_decisions on assessments.assessment_id = re_review_decisions.assessment_id
