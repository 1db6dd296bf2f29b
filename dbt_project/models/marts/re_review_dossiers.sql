-- What a re-review looks at (Art. 9), one row a zone and term: the plan target by target, the reports of its
-- five years, the criteria, and the decision once it stands in the ledger. Ready for the decision, never one.
with targets as (
    select
        planned.zone_id,
        planned.term_no,
        planned.plan_from,
        planned.plan_to,
        followed.indicator_code,
        definitions.name_zh,
        followed.baseline,
        followed.target,
        followed.actual,
        followed.actual_year,
        followed.completion,
        followed.completed
    from {{ ref('int_terms_planned') }} as planned
    inner join {{ ref('int_plan_targets_followed') }} as followed
        on planned.zone_id = followed.zone_id and planned.plan_from = followed.plan_from
    inner join {{ ref('indicator_definitions') }} as definitions
        on followed.indicator_code = definitions.indicator_code
),

plans as (
    select
        zone_id,
        term_no,
        plan_from,
        plan_to,
        count(*) as targets,
        count(case when completed then 1 end) as targets_completed,
        count(case when completed is null then 1 end) as targets_unknown,
        {{ json_list([
            'indicator_code', 'name_zh', 'baseline', 'target', 'actual', 'actual_year', 'completion', 'completed',
        ]) }} as plan_targets
    from targets
    group by zone_id, term_no, plan_from, plan_to
),

-- A year belongs to the term that runs at its end: so a term has five, whatever day it began.
reports_of_terms as (
    select
        terms.zone_id,
        terms.term_no,
        reports.report_year,
        reports.due_on,
        reports.status
    from {{ ref('int_terms_judged') }} as terms
    inner join {{ ref('int_reports_judged') }} as reports
        on
            terms.zone_id = reports.zone_id
            and {{ year_end('reports.report_year') }} between terms.term_from and terms.term_to
),

reports as (
    select
        zone_id,
        term_no,
        count(*) as reports_owed,
        count(case when status = 'on_time' then 1 end) as reports_on_time,
        count(case when status = 'late' then 1 end) as reports_late,
        count(case when status in ('missing', 'rejected') then 1 end) as reports_missing,
        count(case when status = 'pending' then 1 end) as reports_pending,
        {{ json_list(['report_year', 'due_on', 'status']) }} as reports
    from reports_of_terms
    group by zone_id, term_no
),

results as (
    select
        assessed.zone_id,
        assessed.term_no,
        assessed.assessment_id,
        criteria.criterion_id,
        criteria.name_zh,
        criteria.result,
        criteria.observed,
        criteria.threshold
    from {{ ref('int_terms_assessed') }} as assessed
    inner join {{ ref('eligibility_criteria') }} as criteria
        on assessed.assessment_id = criteria.assessment_id
),

criteria as (
    select
        zone_id,
        term_no,
        count(case when result = 'met' then 1 end) as criteria_met,
        count(case when result = 'not_met' then 1 end) as criteria_not_met,
        count(case when result = 'unknown' then 1 end) as criteria_unknown,
        {{ json_list(['criterion_id', 'name_zh', 'result', 'observed', 'threshold']) }} as criteria
    from results
    group by zone_id, term_no
)

select
    terms.zone_id,
    cast(terms.term_no as integer) as term_no,
    terms.term_from,
    terms.term_to,
    terms.status,
    plans.plan_from,
    plans.plan_to,
    {% for name in ['targets', 'targets_completed', 'targets_unknown'] %}
        cast(coalesce(plans.{{ name }}, 0) as integer) as {{ name }},
    {% endfor %}
    coalesce(plans.plan_targets, '[]') as plan_targets,
    {% for name in ['owed', 'on_time', 'late', 'missing', 'pending'] %}
        cast(coalesce(reports.reports_{{ name }}, 0) as integer) as reports_{{ name }},
    {% endfor %}
    coalesce(reports.reports, '[]') as reports,
    assessed.assessment_id,
    eligibility.status as assessment_status,
    {% for name in ['met', 'not_met', 'unknown'] %}
        cast(coalesce(criteria.criteria_{{ name }}, 0) as integer) as criteria_{{ name }},
    {% endfor %}
    coalesce(criteria.criteria, '[]') as criteria,
    re_reviews.outcome as decision,
    re_reviews.decided_on
from {{ ref('int_terms_judged') }} as terms
left join plans on terms.zone_id = plans.zone_id and terms.term_no = plans.term_no
left join reports on terms.zone_id = reports.zone_id and terms.term_no = reports.term_no
left join {{ ref('int_terms_assessed') }} as assessed
    on terms.zone_id = assessed.zone_id and terms.term_no = assessed.term_no
left join {{ ref('eligibility') }} as eligibility on assessed.assessment_id = eligibility.assessment_id
left join criteria on terms.zone_id = criteria.zone_id and terms.term_no = criteria.term_no
left join {{ ref('stg_ledgers__re_reviews') }} as re_reviews
    on terms.zone_id = re_reviews.zone_id and terms.term_to = re_reviews.term_ends_on
