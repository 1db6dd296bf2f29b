-- What each change may rest on, as patterns of inputs (see int_number_grounds_listed): the grounds of its own
-- kind, parameters and versions that bear on it, and of what follows from other changes the grounds of those.
with changes as (
    select * from {{ ref('int_changes_noticed') }}
),

evidence as (
    select * from {{ ref('int_evidence_compared') }}
),

-- A panel's outcome is held to the minima; a report's reference score too, which has no outcome of its own.
of_scores as (
    select
        change_key,
        'ledger_row' as input_kind,
        'expert_scores' as source,
        zone_id as scope,
        concat_ws('|', split_part(assessment_id, '|', 2), report_year) as matter
    from changes
    where subject_kind = 'score_outcome'
    union all by name
    select
        change_key,
        'rule' as input_kind,
        'dimensions' as source
    from changes
    where
        subject_kind = 'score_outcome'
        or (subject_kind = 'eligibility' and split_part(assessment_id, '|', 2) = 'annual_report')
),

of_eligibility as (
    select
        change_key,
        'submission' as input_kind,
        'in_force' as source,
        zone_id as scope,
        concat_ws('|', split_part(assessment_id, '|', 2), report_year) as matter
    from changes
    where subject_kind = 'eligibility'
),

of_parameters as (
    select
        changes.change_key,
        'parameter' as input_kind,
        'parameters' as source,
        reach.parameter as input_key
    from changes
    inner join {{ ref('parameter_reach') }} as reach
        on
            case when changes.subject_kind = 'criterion' then 'indicator' else changes.subject_kind end
            = reach.subject_kind
            and (reach.item is null or reach.item = coalesce(changes.indicator_code, changes.item))
    where changes.data_moved and not changes.day_passed and changes.field <> 'in_force'
),

versions as (
    select unnest(['rules_version', 'code_version']) as source
),

-- Everything else that rules are made of is known by one version only.
of_versions as (
    select
        changes.change_key,
        'rule' as input_kind,
        versions.source,
        true as is_last_resort
    from changes
    cross join versions
    where not changes.day_passed
),

own as (
    select * from {{ ref('int_number_grounds_listed') }}
    union all by name
    select * from {{ ref('int_duty_grounds_listed') }}
    union all by name
    select * from of_scores
    union all by name
    select * from of_eligibility
    union all by name
    select * from of_parameters
    union all by name
    select * from of_versions
),

-- A status follows its criteria and its score, a clause the report or the filing that it is about.
followed as (
    select
        changes.change_key,
        reasons.change_key as reason_key
    from changes
    inner join changes as reasons
        on
            changes.assessment_id = reasons.assessment_id
            and reasons.subject_kind in ('criterion', 'score_outcome')
            and (changes.field = 'relaxed_status' or reasons.field <> 'relaxed_result')
    left join {{ ref('criteria') }} as criteria on reasons.item = criteria.criterion_id
    where
        changes.subject_kind = 'eligibility'
        and (
            reasons.subject_kind = 'score_outcome'
            or criteria.binding = 'mandatory'
            or (criteria.binding = 'scored') = (split_part(changes.assessment_id, '|', 2) = 'annual_report')
        )
    union all
    select
        evidence.change_key,
        reasons.change_key as reason_key
    from evidence
    inner join changes as reasons
        on
            (reasons.subject_kind = 'annual_report' and evidence.clause = '2')
            or (reasons.subject_kind = 'change_filing' and evidence.clause = '4')
    where reasons.change_key = concat_ws('|', reasons.subject_kind, evidence.evidence, 'status')
),

inherited as (
    select own.* replace (followed.change_key as change_key)
    from followed
    inner join own on followed.reason_key = own.change_key
),

united as (
    select * from own
    union all by name
    select * from inherited
)

select distinct
    change_key,
    input_kind,
    source,
    input_key,
    scope,
    matter,
    coalesce(is_last_resort, false) as is_last_resort
from united
