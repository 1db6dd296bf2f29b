-- What a changed number may rest on, a criterion's or an indicator's, as patterns of inputs: kind and
-- source, and where they are given the input's key, whom and what it is about. A last resort counts only
-- where nothing else explains the change.
with changes as (
    select * from {{ ref('int_changes_noticed') }}
),

-- The evaluation that a changed number is of: which submission it reads, which province it is held to.
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
        on
            coalesce(changes.assessment_id, concat(changes.zone_id, '|', changes.report_year))
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

both_years as (
    select
        lead_code,
        province_indicator,
        unnest([0, base_years]) as years_back
    from {{ ref('growth_indicators') }}
),

-- The province's figures of both years of a comparison (annex 2).
of_statistics as (
    select
        numbers.change_key,
        'statistic' as input_kind,
        'provincial_statistics' as source,
        concat_ws(
            '|',
            numbers.statistics_region_code,
            numbers.report_year - both_years.years_back,
            both_years.province_indicator
        ) as input_key
    from of_numbers as numbers
    inner join both_years on numbers.indicator_code = both_years.lead_code
    where numbers.data_moved
),

-- Honours that changed, of enterprises that submissions name: their validity on 31 December is another now.
honoured as (
    select
        roster.submission_id,
        roster.year,
        honours.scope as tier,
        honours.input_key
    from {{ ref('int_inputs_changed') }} as honours
    inner join {{ ref('stg_lake__enterprises') }} as roster
        on
            honours.matter = roster.uscc
            and {{ holds_on('honours.because_from', year_end('roster.year')) }}
            <> {{ holds_on('honours.because_to', year_end('roster.year')) }}
    where honours.source = 'honours'
),

of_honours as (
    select
        numbers.change_key,
        'ledger_row' as input_kind,
        'honours' as source,
        honoured.input_key
    from of_numbers as numbers
    inner join {{ ref('indicator_members') }} as members
        on numbers.indicator_code = members.indicator_code and members.counted = 'tier'
    inner join honoured
        on
            numbers.submission_id = honoured.submission_id
            and numbers.report_year = honoured.year
            and members.member = honoured.tier
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

united as (
    select * from of_submissions
    union all by name
    select * from of_statistics
    union all by name
    select * from of_honours
    union all by name
    select * from of_records
    union all by name
    select * from of_the_standard
)

select
    change_key,
    input_kind,
    source,
    input_key,
    scope,
    matter,
    coalesce(is_last_resort, false) as is_last_resort
from united
