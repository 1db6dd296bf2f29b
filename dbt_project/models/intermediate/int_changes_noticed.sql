-- What differs between the marts of the last release and tonight's, one row a thing and column. Of criteria,
-- outcomes and indicators only what stood in both: a new submission does not bring thirty changes. What a
-- mart of the last release could not tell is not compared. The flags say where a cause is to be looked for:
-- in the data behind a criterion, its threshold, its relaxation, or in nothing but a day that went by.
with criteria as (
    select
        now.*,
        before.result as last_result,
        before.relaxed_result as last_relaxed_result,
        {{ is_another('now.observed', 'before.observed') }}
        or now.indicator_code <> before.indicator_code as observed_moved,
        now.threshold <> before.threshold or now.operator <> before.operator as standard_moved,
        {{ is_another('now.relaxed_threshold', 'before.relaxed_threshold') }} as relaxation_moved
    from {{ ref('eligibility_criteria') }} as now
    inner join {{ ref('stg_last_release__eligibility_criteria') }} as before
        on now.assessment_id = before.assessment_id and now.criterion_id = before.criterion_id
    where {{ last_release_has('eligibility_criteria') }}
),

-- The relaxed side of a thing is a change of its own only where it went another way than the strict one.
of_criteria as (
    select
        'criterion' as subject_kind,
        'eligibility_criteria' as mart,
        concat_ws('|', assessment_id, criterion_id) as subject,
        zone_id,
        report_year,
        assessment_id,
        criterion_id as item,
        indicator_code,
        'result' as field,
        last_result as from_value,
        result as to_value,
        observed_moved or not standard_moved as data_moved,
        standard_moved,
        false as relaxation_moved
    from criteria
    where result <> last_result
    union all by name
    select
        'criterion' as subject_kind,
        'eligibility_criteria' as mart,
        concat_ws('|', assessment_id, criterion_id) as subject,
        zone_id,
        report_year,
        assessment_id,
        criterion_id as item,
        indicator_code,
        'relaxed_result' as field,
        last_relaxed_result as from_value,
        relaxed_result as to_value,
        observed_moved or not (standard_moved or relaxation_moved) as data_moved,
        standard_moved,
        relaxation_moved
    from criteria
    where
        relaxed_result <> last_relaxed_result
        and (relaxed_result <> result or last_relaxed_result <> last_result)
),

eligibility as (
    select
        coalesce(now.assessment_id, before.assessment_id) as assessment_id,
        coalesce(now.zone_id, before.zone_id) as zone_id,
        coalesce(now.report_year, before.report_year) as report_year,
        now.status,
        now.relaxed_status,
        before.status as last_status,
        before.relaxed_status as last_relaxed_status
    from {{ ref('eligibility') }} as now
    full outer join {{ ref('stg_last_release__eligibility') }} as before
        on now.assessment_id = before.assessment_id
    where {{ last_release_has('eligibility') }}
),

of_assessments as (
    {% for field in ['status', 'relaxed_status'] %}
        select
            'eligibility' as subject_kind,
            'eligibility' as mart,
            assessment_id as subject,
            zone_id,
            report_year,
            assessment_id,
            '{{ field }}' as field,
            last_{{ field }} as from_value,
            {{ field }} as to_value
        from eligibility
        where
            {{ field }} is distinct from last_{{ field }}
            {% if field == 'relaxed_status' %}
                and (
                    relaxed_status is distinct from status
                    or last_relaxed_status is distinct from last_status
                )
            {% endif %}
        union all by name
    {% endfor %}
    select
        'score_outcome' as subject_kind,
        'scorecards' as mart,
        now.assessment_id as subject,
        eligibility.zone_id,
        eligibility.report_year,
        now.assessment_id,
        'outcome' as field,
        before.outcome as from_value,
        now.outcome as to_value
    from {{ ref('scorecards') }} as now
    inner join {{ ref('stg_last_release__scorecards') }} as before
        on now.assessment_id = before.assessment_id
    inner join eligibility on now.assessment_id = eligibility.assessment_id
    where now.outcome <> before.outcome and {{ last_release_has('scorecards') }}
),

of_indicators as (
    select
        'indicator' as subject_kind,
        'indicators' as mart,
        concat_ws('|', now.zone_id, now.year, now.indicator_code) as subject,
        now.zone_id,
        now.year as report_year,
        now.indicator_code as item,
        now.indicator_code,
        'value' as field,
        {{ written_plainly('before.value') }} as from_value,
        {{ written_plainly('now.value') }} as to_value
    from {{ ref('indicators') }} as now
    inner join {{ ref('stg_last_release__indicators') }} as before
        on
            now.zone_id = before.zone_id
            and now.year = before.year
            and now.indicator_code = before.indicator_code
    where now.value is distinct from before.value and {{ last_release_has('indicators') }}
),

reports as (
    select
        'annual_report' as subject_kind,
        'annual_reports' as mart,
        coalesce(now.zone_id, before.zone_id) as zone_id,
        coalesce(now.report_year, before.report_year) as report_year,
        concat_ws('|', coalesce(now.zone_id, before.zone_id), coalesce(now.report_year, before.report_year))
            as subject,
        'status' as field,
        before.status as from_value,
        now.status as to_value,
        before.status = 'pending'
        and now.status = 'missing'
        and now.due_on = before.due_on
        and {{ passed_since('now.due_on') }} as day_passed
    from {{ ref('annual_reports') }} as now
    full outer join {{ ref('stg_last_release__annual_reports') }} as before
        on now.zone_id = before.zone_id and now.report_year = before.report_year
    where now.status is distinct from before.status and {{ last_release_has('annual_reports') }}
),

terms as (
    select
        'designation' as subject_kind,
        'designations' as mart,
        coalesce(now.zone_id, before.zone_id) as zone_id,
        concat_ws('|', coalesce(now.zone_id, before.zone_id), coalesce(now.term_no, before.term_no))
            as subject,
        cast(coalesce(now.term_no, before.term_no) as varchar) as item,
        'status' as field,
        before.status as from_value,
        now.status as to_value,
        now.status = 'expired_pending_review'
        and before.status in ('valid', 'expiring')
        and now.term_to = before.term_to
        and {{ passed_since('now.term_to') }} as day_passed
    from {{ ref('designations') }} as now
    full outer join {{ ref('stg_last_release__designations') }} as before
        on now.zone_id = before.zone_id and now.term_no = before.term_no
    where now.status is distinct from before.status and {{ last_release_has('designations') }}
),

filings as (
    select
        'change_filing' as subject_kind,
        'change_filings' as mart,
        coalesce(now.zone_id, before.zone_id) as zone_id,
        coalesce(now.change_id, before.change_id) as subject,
        coalesce(now.change_id, before.change_id) as item,
        'status' as field,
        before.status as from_value,
        now.status as to_value,
        before.status = 'open'
        and now.status = 'overdue'
        and now.deadline_on = before.deadline_on
        and {{ passed_since('now.deadline_on') }} as day_passed
    from {{ ref('change_filings') }} as now
    full outer join {{ ref('stg_last_release__change_filings') }} as before
        on now.change_id = before.change_id
    where now.status is distinct from before.status and {{ last_release_has('change_filings') }}
),

-- No row and a clear row say the same: that nothing speaks for the clause.
clauses as (
    select
        'revocation_trigger' as subject_kind,
        'revocation_triggers' as mart,
        coalesce(now.zone_id, before.zone_id) as zone_id,
        concat_ws('|', coalesce(now.zone_id, before.zone_id), coalesce(now.clause, before.clause)) as subject,
        cast(coalesce(now.clause, before.clause) as varchar) as item,
        'state' as field,
        before.state as from_value,
        now.state as to_value
    from {{ ref('revocation_triggers') }} as now
    full outer join {{ ref('stg_last_release__revocation_triggers') }} as before
        on now.zone_id = before.zone_id and now.clause = before.clause
    where
        coalesce(now.state, 'clear') <> coalesce(before.state, 'clear')
        and {{ last_release_has('revocation_triggers') }}
),

received as (
    select
        'submission' as subject_kind,
        'submissions' as mart,
        coalesce(now.zone_id, before.zone_id) as zone_id,
        coalesce(now.report_year, before.report_year) as report_year,
        coalesce(now.submission_id, before.submission_id) as subject,
        coalesce(now.submission_id, before.submission_id) as item,
        case when now.status = before.status then 'in_force' else 'status' end as field,
        case when now.status = before.status then cast(before.in_force as varchar) else before.status end
            as from_value,
        case when now.status = before.status then cast(now.in_force as varchar) else now.status end
            as to_value
    from {{ ref('submissions') }} as now
    full outer join {{ ref('stg_last_release__submissions') }} as before
        on now.submission_id = before.submission_id
    where
        (now.status is distinct from before.status or now.in_force <> before.in_force)
        and {{ last_release_has('submissions') }}
),

united as (
    {% for found in [
        'of_criteria', 'of_assessments', 'of_indicators', 'reports', 'terms', 'filings', 'clauses', 'received'
    ] %}
        select * from {{ found }}
        {{ "union all by name" if not loop.last }}
    {% endfor %}
)

select
    concat_ws('|', subject_kind, subject, field) as change_key,
    * replace (
        coalesce(data_moved, true) as data_moved,
        coalesce(standard_moved, false) as standard_moved,
        coalesce(relaxation_moved, false) as relaxation_moved,
        coalesce(day_passed, false) as day_passed
    )
from united
