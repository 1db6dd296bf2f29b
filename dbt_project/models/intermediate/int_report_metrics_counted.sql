-- Parts of the metrics about what was received and what it says: submissions, annual reports, their
-- monitoring, each criterion. Three-valued: met, not met and unknown are counted apart, out of all of them.
with submissions as (
    select
        cast(null as varchar) as authority_code,
        submission_type,
        status,
        roster_rows,
        quarantined_rows
    from {{ ref('submissions') }}
),

reports as (
    select
        zones.authority_code,
        reports.report_year,
        reports.status
    from {{ ref('annual_reports') }} as reports
    left join {{ ref('zones') }} as zones on reports.zone_id = zones.zone_id
),

monitored as (
    select
        zones.authority_code,
        assessments.report_year,
        assessments.status
    from {{ ref('eligibility') }} as assessments
    left join {{ ref('zones') }} as zones on assessments.zone_id = zones.zone_id
    where assessments.submission_type = 'annual_report'
),

criteria as (
    select
        cast(null as varchar) as authority_code,
        criterion_id,
        result
    from {{ ref('eligibility_criteria') }}
    where submission_type = 'annual_report' and report_year = {{ latest_report_year() }}
)

{{ count_metrics('submissions', {
    'submissions_received': '1',
    'submissions_accepted': one_if("status = 'accepted'"),
    'submissions_rejected': one_if("status = 'rejected'"),
    'roster_rows': 'roster_rows',
    'roster_rows_quarantined': 'quarantined_rows',
}, own_dimension='submission_type', own_member='submission_type') }}
union all
{{ count_metrics('reports', {
    'reports_owed': '1',
    'reports_on_time': one_if("status = 'on_time'"),
    'reports_late': one_if("status = 'late'"),
    'reports_missing': one_if("status in ('missing', 'rejected')"),
    'reports_returned': one_if("status = 'rejected'"),
    'reports_pending': one_if("status = 'pending'"),
    'reports_on_time_share': [one_if("status = 'on_time'"), one_if("status <> 'pending'")],
}, report_year='report_year') }}
union all
{{ count_metrics('monitored', {
    'zones_on_track_share': [one_if("status = 'on_track'"), '1'],
    'zones_watch_share': [one_if("status = 'watch'"), '1'],
    'zones_undetermined_share': [one_if("status = 'undetermined'"), '1'],
}, report_year='report_year') }}
union all
{{ count_metrics('criteria', {
    'criterion_met_share': [one_if("result = 'met'"), '1'],
    'criterion_not_met_share': [one_if("result = 'not_met'"), '1'],
    'criterion_unknown_share': [one_if("result = 'unknown'"), '1'],
}, own_dimension='criterion', own_member='criterion_id') }}
