-- What a changed duty or submission may rest on, as patterns of inputs (see int_number_grounds_listed):
-- reports, terms, change filings, clauses of Article 11, and what was received.
with changes as (
    select * from {{ ref('int_changes_noticed') }}
),

evidence as (
    select * from {{ ref('int_evidence_compared') }}
),

ledgers_of_terms as (
    select unnest(['designations', 're_reviews', 'revocations']) as ledger
),

-- The days whose re-review bears on a term: its own end, and the end of the term before it.
ends_of_terms as (
    select
        changes.change_key,
        changes.zone_id,
        unnest([terms.term_to, {{ previous_day('terms.term_from') }}, last_terms.term_to]) as reviewed_on
    from changes
    left join {{ ref('designations') }} as terms
        on changes.zone_id = terms.zone_id and changes.item = cast(terms.term_no as varchar)
    left join {{ ref('stg_last_release__designations') }} as last_terms
        on changes.zone_id = last_terms.zone_id and changes.item = cast(last_terms.term_no as varchar)
    where changes.subject_kind = 'designation' and not changes.day_passed
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
    cross join ledgers_of_terms as ledgers
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
        change_key,
        'ledger_row' as input_kind,
        're_reviews' as source,
        zone_id as scope,
        cast(reviewed_on as varchar) as matter
    from ends_of_terms
    where reviewed_on is not null
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
    where
        subject_kind in ('annual_report', 'designation', 'change_filing', 'revocation_trigger')
        or (subject_kind = 'submission' and to_value is null)
),

-- The keys that a clause of Article 11 rested on, then or now, lead to the ledger rows themselves.
ledgers_of_clauses as (
    select distinct
        ledger as source,
        cast(clause as varchar) as clause
    from {{ ref('revocation_records') }}
    union
    values ('changes', '4'), ('incidents', '5'), ('dispositions', '1'), ('dispositions', '4')
),

of_clauses as (
    select
        evidence.change_key,
        'ledger_row' as input_kind,
        ledgers.source,
        evidence.evidence as input_key
    from evidence
    inner join ledgers_of_clauses as ledgers on evidence.clause = ledgers.clause
    union all by name
    -- What is no ledger's key is a finding or a difference of self-reported totals: of a submission in force.
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
        and (changes.field = 'in_force' or changes.from_value is null or changes.to_value is null)
    union all by name
    select
        changes.change_key,
        'ledger_row' as input_kind,
        'receipts' as source,
        coalesce(now.file_name, before.file_name) as matter
    from changes
    left join {{ ref('submissions') }} as now on changes.item = now.submission_id
    left join {{ ref('stg_last_release__submissions') }} as before on changes.item = before.submission_id
    where changes.subject_kind = 'submission' and changes.from_value is not null
),

united as (
    select * from of_duties
    union all by name
    select * from of_clauses
    union all by name
    select * from of_received
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
