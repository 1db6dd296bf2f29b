-- Q16: an application names its applicant (Art. 5).
with failing as (
    select
        'blank' as case_id,
        submissions.submission_id,
        submissions.submission_type,
        submissions.zone_id,
        submissions.report_year,
        sheets.sheet_zh as sheet,
        null as row_number,
        null as row_identity,
        'applicant_name' as field,
        null as value,
        fields.header_zh as header
    from {{ ref('int_submissions_versioned') }} as submissions
    inner join {{ ref('stg_lake__covers') }} as covers on submissions.submission_id = covers.submission_id
    inner join {{ ref('workbook_sheets') }} as sheets on sheets.table_name = 'cover'
    inner join {{ ref('workbook_fields') }} as fields
        on sheets.table_name = fields.table_name and fields.field = 'applicant_name'
    where
        submissions.in_force
        and submissions.submission_type = 'application'
        and covers.applicant_name is null
)

{{ select_findings('Q16', 'failing', placeholders=['header']) }}
