-- Every matter that somebody is told of while it lasts (Art. 7 to 11): a report not yet accepted, a term
-- whose re-review has not decided, a change not filed, a ground of Article 11, a submission that was
-- returned, a source from outside that fails for longer than it may; with the days that its stages count
-- from, its situation, and what its message names.
with reports as (
    select
        case when due_on < {{ as_of_day() }} then 'missing_report' else 'report_due' end as kind,
        concat(zone_id, '|', report_year) as subject,
        status as situation,
        case when due_on < {{ as_of_day() }} then 'overdue' else 'open' end as speaks_while,
        zone_id,
        due_on,
        cure_ends_on,
        report_year
    from {{ ref('int_reports_judged') }}
    where status in ('pending', 'missing', 'rejected')
),

-- Of the running designation only: a newer one has taken over what an older one left open.
terms as (
    select
        case
            when judged.status = 'expired_pending_review' then 'expired_designation'
            else 'expiring_designation'
        end as kind,
        concat(judged.zone_id, '|', judged.term_no) as subject,
        case
            when judged.status = 'expired_pending_review' then 'awaiting_review'
            else 'running'
        end as situation,
        case when judged.status = 'expired_pending_review' then 'overdue' else 'open' end as speaks_while,
        judged.zone_id,
        judged.term_to as due_on,
        judged.term_no
    from {{ ref('int_terms_judged') }} as judged
    inner join {{ ref('int_terms_opened') }} as opened
        on judged.zone_id = opened.zone_id and judged.term_no = opened.term_no
    where
        judged.is_of_running_designation
        and judged.status in ('valid', 'expiring', 'expired_pending_review')
        and not opened.is_renewed
        and (opened.not_renewed_on is null or judged.status = 'expired_pending_review')
),

changes as (
    select
        'change_filing' as kind,
        change_id as subject,
        calendar_basis as situation,
        status as speaks_while,
        zone_id,
        deadline_on as due_on,
        change_id,
        changed_on
    from {{ ref('int_changes_judged') }}
    where status in ('open', 'overdue')
),

-- The digest lets new evidence for the same ground be told again.
grounds as (
    select
        'revocation_ground' as kind,
        concat(
            triggers.zone_id, '|', triggers.clause, '|', triggers.state, '|',
            left({{ failure_id(['triggers.evidence']) }}, 12)
        ) as subject,
        triggers.state as situation,
        'standing' as speaks_while,
        triggers.zone_id,
        {{ as_of_day() }} as seen_on,
        triggers.clause,
        grounds.ground_zh,
        split_part(triggers.evidence, '; ', 1) as first_evidence,
        len(string_split(triggers.evidence, '; ')) as evidence_rows
    from {{ ref('revocation_triggers') }} as triggers
    inner join {{ ref('revocation_grounds') }} as grounds on triggers.clause = grounds.clause
    where triggers.state <> 'clear'
),

numbered as (
    select
        versioned.*,
        night.sent_by,
        versioned.zone_id is null or versioned.submission_type is null or versioned.report_year is null
            as is_unreadable,
        row_number() over (
            partition by versioned.zone_id, versioned.submission_type, versioned.report_year
            order by versioned.version desc
        ) as recency
    from {{ ref('int_submissions_versioned') }} as versioned
    inner join {{ ref('stg_night__submissions') }} as night on versioned.submission_id = night.submission_id
),

-- Where a cover does not say what it is of, no later version can be known to replace it.
returned as (
    select
        'quality' as kind,
        submission_id as subject,
        case when is_unreadable then 'unreadable' else submission_type end as situation,
        'standing' as speaks_while,
        zone_id,
        cast(received_at as date) as seen_on,
        report_year,
        file_name,
        coalesce(authority_code, sent_by) as sender_code
    from numbered
    where status = 'rejected' and (is_unreadable or recency = 1)
),

-- One matter a time of failing, whatever the fault: a later one is told again.
overstretched as (
    select
        followed.source,
        sources.title_zh as source_title_zh,
        sources.title_en as source_title_en,
        {{ written_plainly('sources.may_fail_for_hours') }} as may_fail_for_hours,
        followed.failing_since,
        {{ seconds_after('followed.failing_since', 'sources.may_fail_for_hours * 3600') }} as may_fail_until,
        faults.message_zh as fault_zh,
        faults.message_en as fault_en,
        row_number() over (
            partition by followed.source order by followed.failing_since, followed.case_id
        ) as place
    from {{ ref('int_sources_followed') }} as followed
    inner join {{ ref('stg_night__sources') }} as sources on followed.source = sources.source
    inner join {{ ref('source_messages') }} as faults on followed.case_id = faults.case_id
),

sources as (
    select
        'quality' as kind,
        concat('source|', source, '|', cast(failing_since as date)) as subject,
        'source_failing' as situation,
        'standing' as speaks_while,
        null as zone_id,
        cast(may_fail_until as date) as seen_on,
        source,
        source_title_zh,
        source_title_en,
        failing_since,
        may_fail_for_hours,
        fault_zh,
        fault_en
    from overstretched
    where place = 1 and may_fail_until < {{ as_of_moment() }}
)

{{ united({
    'reports': ['due_on', 'cure_ends_on', 'report_year'],
    'terms': ['due_on', 'term_no'],
    'changes': ['due_on', 'change_id', 'changed_on'],
    'grounds': ['seen_on', 'clause', 'ground_zh', 'first_evidence', 'evidence_rows'],
    'returned': ['seen_on', 'report_year', 'file_name', 'sender_code'],
    'sources': [
        'seen_on', 'source', 'source_title_zh', 'source_title_en', 'failing_since', 'may_fail_for_hours', 'fault_zh',
        'fault_en',
    ],
}) }}
