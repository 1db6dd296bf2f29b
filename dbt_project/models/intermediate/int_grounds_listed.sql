-- What each change may rest on, as patterns of inputs: kind and source, and where they are given the input's key,
-- whom and what it is about. A last resort counts only where nothing else explains the change.
with changes as (
    select * from {{ ref('int_changes_found') }}
),

-- Changes of a number, with the evaluation that it is of: which submission it reads, which province it is held to.
of_numbers as (
    select
        changes.change_key,
        changes.subject_kind,
        changes.item,
        changes.indicator_code,
        changes.zone_id,
        changes.report_year,
        changes.data_moved,
        changes.standard_moved,
        changes.relaxation_moved,
        evaluations.evaluation_id,
        evaluations.submission_id,
        evaluations.submission_type,
        evaluations.region,
        evaluations.statistics_region_code
    from changes
    inner join {{ ref('int_evaluations_listed') }} as evaluations
        on coalesce(changes.assessment_id, concat(changes.zone_id, '|', changes.report_year))
        = evaluations.evaluation_id
    where changes.subject_kind in ('criterion', 'indicator')
),

of_submissions as (
    select
        change_key,
        'submission' as input_kind,
        case when subject_kind = 'criterion' then 'in_force' else 'zone_year' end as source,
        zone_id as scope,
        case
            when subject_kind = 'criterion' then concat_ws('|', submission_type, report_year)
            else cast(report_year as varchar)
        end as matter
    from of_numbers
    where data_moved
    union all by name
    select
        numbers.change_key,
        'submission' as input_kind,
        'zone_year' as source,
        numbers.zone_id as scope,
        cast(numbers.report_year - growth.base_years as varchar) as matter
    from of_numbers as numbers
    inner join {{ ref('growth_indicators') }} as growth
        on numbers.indicator_code in (growth.ratio_code, growth.lead_code)
    inner join {{ ref('int_growth_bases_chosen') }} as bases
        on
            numbers.evaluation_id = bases.evaluation_id
            and growth.base_years = bases.base_years
            and numbers.submission_id <> bases.base_submission_id
    where numbers.data_moved
),

-- The province's figures of both years of a comparison (annex 2).
of_statistics as (
    select
        numbers.change_key,
        'statistic' as input_kind,
        'provincial_statistics' as source,
        concat_ws(
            '|', numbers.statistics_region_code, numbers.report_year - ends.years_back, growth.province_indicator
        ) as input_key
    from of_numbers as numbers
    inner join {{ ref('growth_indicators') }} as growth on numbers.indicator_code = growth.lead_code
    inner join (
        select
            lead_code,
            unnest([0, base_years]) as years_back
        from {{ ref('growth_indicators') }}
    ) as ends on growth.lead_code = ends.lead_code
    where numbers.data_moved
),

-- Honours of the enterprises that the submission names, whose validity on 31 December is not what it was.
of_honours as (
    select
        numbers.change_key,
        'ledger_row' as input_kind,
        'honours' as source,
        honours.input_key
    from of_numbers as numbers
    inner join {{ ref('indicator_members') }} as members
        on numbers.indicator_code = members.indicator_code and members.counted = 'tier'
    inner join {{ ref('int_inputs_changed') }} as honours
        on
            honours.source = 'honours'
            and members.member = honours.scope
            and {{ holds_on('honours.because_from', year_end('numbers.report_year')) }}
            <> {{ holds_on('honours.because_to', year_end('numbers.report_year')) }}
    inner join {{ ref('stg_lake__enterprises') }} as roster
        on
            numbers.submission_id = roster.submission_id
            and numbers.report_year = roster.year
            and honours.matter = roster.uscc
    where numbers.data_moved
),

-- Incidents and credit records, and what moves the window in which they count.
of_conduct as (
    select
        numbers.*,
        members.member,
        case members.counted when 'incident' then 'incidents' else 'credit_records' end as ledger,
        submissions.file_name
    from of_numbers as numbers
    inner join {{ ref('indicator_members') }} as members
        on numbers.indicator_code = members.indicator_code and members.counted in ('incident', 'credit')
    inner join {{ ref('submissions') }} as submissions on numbers.submission_id = submissions.submission_id
    where numbers.data_moved
),

of_records as (
    select
        change_key,
        'ledger_row' as input_kind,
        ledger as source,
        zone_id as scope,
        member as matter
    from of_conduct
    union all by name
    select
        change_key,
        'ledger_row' as input_kind,
        'receipts' as source,
        file_name as matter
    from of_conduct
    union all by name
    select
        change_key,
        'ledger_row' as input_kind,
        case submission_type when 'application' then 'applications' else 're_reviews' end as source,
        zone_id as scope,
        case submission_type when 'application' then cast(report_year as varchar) end as matter
    from of_conduct
    where submission_type <> 'annual_report'
    union all by name
    select
        change_key,
        'moment' as input_kind,
        'as_of' as source,
        true as is_last_resort
    from of_conduct
    where submission_type <> 'annual_report'
),

of_the_standard as (
    select
        change_key,
        'rule' as input_kind,
        'criteria' as source,
        item as input_key
    from of_numbers
    where standard_moved
    union all by name
    select
        numbers.change_key,
        'ledger_row' as input_kind,
        'relaxations' as source,
        relaxations.input_key
    from of_numbers as numbers
    inner join {{ ref('int_inputs_changed') }} as relaxations
        on
            relaxations.source = 'relaxations'
            and numbers.region = relaxations.scope
            and numbers.item = relaxations.matter
            and cast(split_part(relaxations.input_key, '|', 3) as integer) <= numbers.report_year
    where numbers.relaxation_moved
),

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
    where subject_kind in ('score_outcome', 'eligibility')
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
    union all by name
    select
        changes.change_key,
        'rule' as input_kind,
        'criteria' as source,
        criteria.criterion_id as input_key
    from changes
    inner join {{ ref('eligibility_criteria') }} as criteria on changes.assessment_id = criteria.assessment_id
    where changes.subject_kind = 'eligibility'
),

of_duties as (
    select
        change_key,
        'submission' as input_kind,
        'received' as source,
        zone_id as scope,
        concat_ws('|', 'annual_report', report_year) as matter
    from changes
    where subject_kind = 'annual_report' and not day_passed
    union all by name
    select
        changes.change_key,
        'ledger_row' as input_kind,
        'receipts' as source,
        submissions.file_name as matter
    from changes
    inner join {{ ref('submissions') }} as submissions
        on
            changes.zone_id = submissions.zone_id
            and changes.report_year = submissions.report_year
            and submissions.submission_type = 'annual_report'
    where changes.subject_kind = 'annual_report' and not changes.day_passed
    union all by name
    select
        changes.change_key,
        'ledger_row' as input_kind,
        ledgers.ledger as source,
        changes.zone_id as scope
    from changes
    cross join (select unnest(['designations', 're_reviews', 'revocations']) as ledger) as ledgers
    where
        not changes.day_passed
        and (
            changes.subject_kind = 'annual_report'
            or (changes.subject_kind = 'designation' and ledgers.ledger <> 're_reviews')
            or (
                changes.subject_kind = 'revocation_trigger'
                and (changes.from_value is null or changes.to_value is null)
            )
        )
    union all by name
    select
        changes.change_key,
        'ledger_row' as input_kind,
        're_reviews' as source,
        changes.zone_id as scope,
        cast(unnest([terms.term_to, {{ previous_day('terms.term_from') }}, last_terms.term_to]) as varchar)
            as matter
    from changes
    left join {{ ref('designations') }} as terms
        on changes.zone_id = terms.zone_id and changes.item = cast(terms.term_no as varchar)
    left join {{ source('last_release', 'designations') }} as last_terms
        on changes.zone_id = last_terms.zone_id and changes.item = cast(last_terms.term_no as varchar)
    where changes.subject_kind = 'designation' and not changes.day_passed
    union all by name
    select
        change_key,
        'ledger_row' as input_kind,
        'changes' as source,
        item as input_key
    from changes
    where subject_kind = 'change_filing' and not day_passed
    union all by name
    select
        change_key,
        'moment' as input_kind,
        'as_of' as source,
        not day_passed as is_last_resort
    from changes
    where subject_kind in ('annual_report', 'designation', 'change_filing', 'revocation_trigger')
),

-- The keys that a clause of Article 11 rested on, then or now, lead to the ledger rows themselves.
evidence as (
    select distinct
        changes.change_key,
        changes.zone_id,
        changes.item as clause,
        unnest(string_split(concat_ws('; ', before.evidence, now.evidence), '; ')) as evidence
    from changes
    left join {{ ref('revocation_triggers') }} as now
        on changes.zone_id = now.zone_id and changes.item = cast(now.clause as varchar)
    left join {{ source('last_release', 'revocation_triggers') }} as before
        on changes.zone_id = before.zone_id and changes.item = cast(before.clause as varchar)
    where
        changes.subject_kind = 'revocation_trigger'
        and coalesce(now.evidence, before.evidence) is not null
),

of_clauses as (
    select
        evidence.change_key,
        'ledger_row' as input_kind,
        ledgers.source,
        evidence.evidence as input_key
    from evidence
    inner join (
        select distinct
            ledger as source,
            cast(clause as varchar) as clause
        from {{ ref('revocation_records') }}
        union
        select * from (values ('changes', '4'), ('incidents', '5'), ('dispositions', '1'), ('dispositions', '4'))
    ) as ledgers on evidence.clause = ledgers.clause
    union all by name
    -- What is no ledger's key is a finding, or a difference of self-reported totals: of a submission in force.
    select distinct
        change_key,
        'submission' as input_kind,
        'in_force' as source,
        zone_id as scope
    from evidence
    where clause in ('1', '4') and regexp_matches(evidence, '^([0-9a-f]{32}|([^|]*[|]){4}[^|]*)$')
),

of_received as (
    select
        changes.change_key,
        'submission' as input_kind,
        case changes.field when 'in_force' then 'in_force' else 'received' end as source,
        case when changes.field = 'status' then changes.item end as input_key,
        changes.zone_id as scope,
        case
            when changes.field = 'in_force'
                then concat_ws('|', submissions.submission_type, submissions.report_year)
        end as matter
    from changes
    left join {{ ref('submissions') }} as submissions on changes.item = submissions.submission_id
    where
        changes.subject_kind = 'submission'
        and (changes.field = 'in_force' or changes.from_value is null)
    union all by name
    select
        changes.change_key,
        'ledger_row' as input_kind,
        'receipts' as source,
        coalesce(now.file_name, before.file_name) as matter
    from changes
    left join {{ ref('submissions') }} as now on changes.item = now.submission_id
    left join {{ source('last_release', 'submissions') }} as before on changes.item = before.submission_id
    where changes.subject_kind = 'submission' and changes.from_value is not null
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

-- Everything else that rules are made of is known by one version only.
of_versions as (
    select
        changes.change_key,
        'rule' as input_kind,
        versions.source,
        true as is_last_resort
    from changes
    cross join (select unnest(['rules_version', 'code_version']) as source) as versions
    where not changes.day_passed
),

own as (
    {% for grounds in [
        'of_submissions', 'of_statistics', 'of_honours', 'of_records', 'of_the_standard', 'of_scores',
        'of_eligibility', 'of_duties', 'of_clauses', 'of_received', 'of_parameters', 'of_versions'
    ] %}
        select * from {{ grounds }}
        {{ "union all by name" if not loop.last }}
    {% endfor %}
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
    select
        own.* replace (followed.change_key as change_key)
    from followed
    inner join own on followed.reason_key = own.change_key
)

select distinct
    change_key,
    input_kind,
    source,
    input_key,
    scope,
    matter,
    coalesce(is_last_resort, false) as is_last_resort
from (
    select * from own
    union all by name
    select * from inherited
)
