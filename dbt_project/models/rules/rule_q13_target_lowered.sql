-- Q13: a target is not lower than an earlier accepted submission of the zone stated for the same plan and
-- indicator (Art. 9).
with stated as (
    select
        submissions.submission_id,
        submissions.submission_type,
        submissions.zone_id,
        submissions.report_year,
        submissions.received_at,
        submissions.in_force,
        targets.row_number,
        targets.plan_from,
        targets.plan_to,
        targets.indicator_code,
        targets.baseline,
        targets.target
    from {{ ref('stg_lake__plan_targets') }} as targets
    inner join {{ ref('int_submissions_versioned') }} as submissions
        on targets.submission_id = submissions.submission_id and submissions.status = 'accepted'
),

-- One row a submission, plan and indicator, so that a sheet that repeats itself costs no more than its rows.
highest as (
    select
        submission_id,
        report_year,
        zone_id,
        received_at,
        plan_from,
        indicator_code,
        max(target) as target
    from stated
    group by submission_id, report_year, zone_id, received_at, plan_from, indicator_code
),

lowered as (
    select
        stated.submission_id,
        stated.row_number,
        max(earlier.target) as earlier_target,
        max_by(earlier.report_year, earlier.target) as earlier_report_year
    from stated
    inner join highest as earlier
        on
            stated.zone_id = earlier.zone_id
            and stated.plan_from = earlier.plan_from
            and stated.indicator_code = earlier.indicator_code
            and stated.target < earlier.target
    where
        stated.in_force
        and (earlier.received_at, earlier.submission_id) < (stated.received_at, stated.submission_id)
    group by stated.submission_id, stated.row_number
),

failing as (
    select
        'lowered' as case_id,
        stated.submission_id,
        stated.submission_type,
        stated.zone_id,
        stated.report_year,
        sheets.sheet_zh as sheet,
        stated.row_number,
        {{ row_identity([
            'stated.plan_from',
            'stated.plan_to',
            'stated.indicator_code',
            written_plainly('stated.baseline'),
            written_plainly('stated.target'),
        ]) }} as row_identity,
        'target' as field,
        {{ written_plainly('stated.target') }} as value,
        stated.plan_from,
        stated.indicator_code,
        indicators.name_zh,
        {{ written_plainly('lowered.earlier_target') }} as earlier_target,
        lowered.earlier_report_year
    from stated
    inner join lowered
        on stated.submission_id = lowered.submission_id and stated.row_number = lowered.row_number
    inner join {{ ref('workbook_sheets') }} as sheets on sheets.table_name = 'plan_targets'
    inner join {{ ref('indicator_definitions') }} as indicators
        on stated.indicator_code = indicators.indicator_code
)

{{ select_findings('Q13', 'failing', placeholders=[
    'plan_from', 'indicator_code', 'name_zh', 'earlier_target', 'earlier_report_year',
]) }}
