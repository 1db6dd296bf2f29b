-- Q10: what last year's report named in 合作与平台 is still named, or has ended (annex 2). A year's report is
-- the newest submission in force for that report year.
with reports as (
    select
        zone_id,
        report_year,
        max_by(submission_id, (received_at, submission_id)) as submission_id,
        max_by(submission_type, (received_at, submission_id)) as submission_type
    from {{ ref('int_submissions_versioned') }}
    where in_force
    group by zone_id, report_year
),

named as (
    select
        submission_id,
        name,
        min(case when ended_on is null then row_number end) as row_number
    from {{ ref('stg_lake__cooperation') }}
    group by submission_id, name
),

failing as (
    select
        'gone' as case_id,
        reports.submission_id,
        reports.submission_type,
        reports.zone_id,
        reports.report_year,
        sheets.sheet_zh as sheet,
        null as row_number,
        null as row_identity,
        'name' as field,
        named_last_year.name as value,
        {{ quoted('named_last_year.name') }} as body_name,
        last_year.report_year as last_report_year,
        named_last_year.row_number as last_row_number
    from reports
    inner join reports as last_year
        on reports.zone_id = last_year.zone_id and reports.report_year - 1 = last_year.report_year
    inner join named as named_last_year
        on last_year.submission_id = named_last_year.submission_id and named_last_year.row_number is not null
    left join named as named_this_year
        on
            reports.submission_id = named_this_year.submission_id
            and named_last_year.name = named_this_year.name
    inner join {{ ref('workbook_sheets') }} as sheets on sheets.table_name = 'cooperation'
    where named_this_year.submission_id is null
)

{{ select_findings('Q10', 'failing', placeholders=['body_name', 'last_report_year', 'last_row_number']) }}
