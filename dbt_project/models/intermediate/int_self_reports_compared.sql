-- What zones report themselves against their roster (Art. 11(1)): each total of a submission in force beside
-- its roster's of the same year; where the roster's can't be computed there is nothing to compare. A total
-- reported twice is compared twice. Self-reported indicators are totals, so nothing divides.
with allowances as (
    select
        {{ parameter('self_report_tolerance', measure_type()) }} as tolerance,
        {{ parameter('self_report_suspicion', measure_type()) }} as suspicion
),

paired as (
    select
        submissions.submission_id,
        submissions.submission_type,
        submissions.zone_id,
        submissions.report_year,
        reported.row_number,
        reported.year,
        reported.indicator_code,
        reported.value as reported_value,
        measured.numerator as roster_value,
        abs(reported.value - measured.numerator) as difference,
        abs(measured.numerator) as roster_size
    from {{ ref('stg_lake__self_reported') }} as reported
    inner join {{ ref('int_submissions_versioned') }} as submissions
        on reported.submission_id = submissions.submission_id and submissions.in_force
    inner join {{ ref('int_indicators_measured') }} as measured
        on
            reported.submission_id = measured.submission_id
            and reported.year = measured.year
            and reported.indicator_code = measured.indicator_code
            and measured.numerator is not null
)

select
    paired.submission_id,
    paired.submission_type,
    paired.zone_id,
    paired.report_year,
    paired.row_number,
    paired.year,
    paired.indicator_code,
    paired.reported_value,
    paired.roster_value,
    {{ relative_difference_exceeds('paired.difference', 'paired.roster_size', 'allowances.tolerance') }}
        as exceeds_tolerance,
    {{ relative_difference_exceeds('paired.difference', 'paired.roster_size', 'allowances.suspicion') }}
        as exceeds_suspicion
from paired
cross join allowances
