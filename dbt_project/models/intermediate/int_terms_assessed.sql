-- The assessment that shows the criteria for a term's re-review (Art. 9): the newest re-review received since
-- the term began, else the newest submission in force; of what was received until the decision (or the term's
-- end, if that is later), or, without one, before the zone's next term.
with terms as (
    select
        terms.zone_id,
        terms.term_no,
        terms.term_from,
        case
            when re_reviews.outcome in ('passed', 'failed')
                then greatest(terms.term_to, re_reviews.decided_on)
            else {{ previous_day(
                'lead(terms.term_from) over (partition by terms.zone_id order by terms.term_no)'
            ) }}
        end as last_day
    from {{ ref('int_terms_judged') }} as terms
    left join {{ ref('stg_ledgers__re_reviews') }} as re_reviews
        on terms.zone_id = re_reviews.zone_id and terms.term_to = re_reviews.term_ends_on
),

ranked as (
    select
        terms.zone_id,
        terms.term_no,
        assessments.assessment_id,
        row_number() over (
            partition by terms.zone_id, terms.term_no
            order by
                case
                    when
                        assessments.submission_type = 're_review'
                        and assessments.received_on >= terms.term_from
                        then 0
                    else 1
                end asc,
                submissions.received_at desc, submissions.submission_id desc
        ) as preference
    from terms
    inner join {{ ref('int_assessments_framed') }} as assessments
        on
            terms.zone_id = assessments.zone_id
            and (terms.last_day is null or assessments.received_on <= terms.last_day)
    inner join {{ ref('int_submissions_versioned') }} as submissions
        on assessments.submission_id = submissions.submission_id
)

select
    zone_id,
    term_no,
    assessment_id
from ranked
where preference = 1
