-- What speaks for each clause of Article 11, one row a piece of evidence by its key: as grounds or at_risk.
-- But for clause 1, since the first term of the running designation began. Flags for people who decide.
with running as (
    select distinct
        zone_id,
        first_term_from
    from {{ ref('int_terms_judged') }}
    where is_of_running_designation
),

records as (
    select
        'supervision' as ledger,
        record_id,
        zone_id,
        kind,
        status,
        found_on
    from {{ ref('stg_ledgers__supervision') }}
    union all
    select
        'credit_records' as ledger,
        record_id,
        zone_id,
        kind,
        null as status,
        found_on
    from {{ ref('stg_ledgers__credit_records') }}
    where cleared_on is null or cleared_on > {{ as_of_day() }}
),

of_records as (
    select
        running.zone_id,
        meanings.clause,
        meanings.state,
        records.record_id as evidence
    from records
    inner join {{ ref('revocation_records') }} as meanings
        on
            records.ledger = meanings.ledger
            and records.kind = meanings.kind
            and records.status is not distinct from meanings.status
    inner join running
        on
            records.zone_id = running.zone_id
            and (not meanings.since_first_term or records.found_on >= running.first_term_from)
),

-- A difference that no finding asks about (suspicion below tolerance) is told by what it is about.
of_self_reports as (
    select
        compared.zone_id,
        1 as clause,
        'at_risk' as state,
        coalesce(
            findings.failure_id,
            concat_ws(
                '|', compared.zone_id, compared.submission_type, compared.report_year,
                compared.year, compared.indicator_code
            )
        ) as evidence
    from {{ ref('int_self_reports_compared') }} as compared
    left join {{ ref('int_findings_identified') }} as findings
        on
            findings.rule_id = 'Q07'
            and compared.submission_id = findings.submission_id
            and compared.row_number = findings.row_number
    left join {{ ref('int_dispositions_standing') }} as dispositions
        on findings.failure_id = dispositions.failure_id
    where
        compared.exceeds_suspicion
        and coalesce(dispositions.disposition, 'open') not in ('waived', 'confirmed_correct')
),

of_reports as (
    select
        reports.zone_id,
        2 as clause,
        case
            when reports.cure_ends_on < {{ as_of_day() }} and reports.cure_calendar_basis = 'official'
                then 'grounds'
            else 'at_risk'
        end as state,
        concat_ws('|', reports.zone_id, reports.report_year) as evidence
    from {{ ref('int_reports_judged') }} as reports
    inner join running
        on reports.zone_id = running.zone_id and reports.due_on >= running.first_term_from
    where reports.status in ('missing', 'rejected') and reports.due_on < {{ as_of_day() }}
),

-- What is late or overdue only by a calendar that is not published yet is no ground.
of_changes as (
    select
        changes.zone_id,
        4 as clause,
        case
            when changes.calendar_basis <> 'official' then 'at_risk'
            when changes.status = 'overdue' then 'grounds'
            else {{ parameter('late_change_filing_is') }}
        end as state,
        changes.change_id as evidence
    from {{ ref('int_changes_judged') }} as changes
    inner join running
        on changes.zone_id = running.zone_id and changes.changed_on >= running.first_term_from
    where changes.status in ('overdue', 'late')
),

of_undeclared_changes as (
    select
        submissions.zone_id,
        4 as clause,
        'at_risk' as state,
        findings.failure_id as evidence
    from {{ ref('int_findings_identified') }} as findings
    inner join {{ ref('int_submissions_versioned') }} as submissions
        on findings.submission_id = submissions.submission_id and submissions.in_force
    inner join running
        on
            submissions.zone_id = running.zone_id
            and cast(submissions.received_at as date) >= running.first_term_from
    left join {{ ref('int_dispositions_standing') }} as dispositions
        on findings.failure_id = dispositions.failure_id
    where findings.rule_id = 'Q12' and dispositions.failure_id is null
),

of_incidents as (
    select
        incidents.zone_id,
        5 as clause,
        case
            when incidents.ruled_on is null or incidents.level_rank is null then 'at_risk'
            else 'grounds'
        end as state,
        incidents.incident_id as evidence
    from {{ ref('stg_ledgers__incidents') }} as incidents
    inner join running
        on incidents.zone_id = running.zone_id and incidents.occurred_on >= running.first_term_from
    inner join {{ ref('incident_bar_thresholds') }} as bars on incidents.domain = bars.domain
    where
        incidents.ruled_on is null
        or incidents.level_rank is null
        or incidents.level_rank >= bars.min_barring_rank
)

select * from of_records
union all
select * from of_self_reports
union all
select * from of_reports
union all
select * from of_changes
union all
select * from of_undeclared_changes
union all
select * from of_incidents
