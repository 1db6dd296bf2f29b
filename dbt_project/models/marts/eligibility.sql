-- Whether every assessment fulfils the standard (Art. 6, annex): applications and re-reviews by the gates,
-- the panel's score and the general requirements; annual reports by the gates and the reference score.
with gates as (
    select
        assessments.assessment_id,
        assessments.zone_id,
        assessments.submission_type,
        assessments.report_year,
        count(requirements.requirement_id) > 0 as has_criteria,
        {{ all_met('requirements.result', "requirements.binding = 'mandatory'") }} as gates_result,
        {{ all_met('requirements.result', "requirements.binding = 'general'") }} as general_result,
        {{ all_met('requirements.relaxed_result', "requirements.binding = 'general'") }}
            as relaxed_general_result,
        count(case when requirements.binding = 'general' and requirements.result = 'not_met' then 1 end)
            as general_shortfalls
    from {{ ref('int_assessments_framed') }} as assessments
    left join {{ ref('int_requirements_evaluated') }} as requirements
        on assessments.assessment_id = requirements.assessment_id
    group by
        assessments.assessment_id, assessments.zone_id, assessments.submission_type, assessments.report_year
)

select
    gates.assessment_id,
    gates.zone_id,
    gates.submission_type,
    gates.report_year,
    case when gates.has_criteria then gates.gates_result else 'unknown' end as gates_result,
    cast(gates.general_shortfalls as integer) as general_shortfalls,
    scorecards.outcome as score_outcome,
    case
        when not gates.has_criteria then 'undetermined'
        when
            gates.submission_type = 'annual_report'
            then {{ monitoring_status('reference', 'reference_openness') }}
        else {{ admission_status('gates.general_result') }}
    end as status,
    case
        when not gates.has_criteria then 'undetermined'
        when gates.submission_type = 'annual_report'
            then {{ monitoring_status('reference_relaxed', 'reference_relaxed_openness') }}
        else {{ admission_status('gates.relaxed_general_result') }}
    end as relaxed_status
from gates
inner join
    {{ ref('int_scorecards_totalled') }} as scorecards
    on gates.assessment_id = scorecards.assessment_id
