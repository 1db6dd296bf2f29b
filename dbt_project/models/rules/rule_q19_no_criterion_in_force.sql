-- Q19: some criterion is in force for the report year of every assessment (annex); without one the assessment
-- is undetermined.
with judged as (
    select distinct assessment_id
    from {{ ref('int_criteria_evaluated') }}
),

failing as (
    select
        'none' as case_id,
        assessments.submission_id,
        assessments.submission_type,
        assessments.zone_id,
        assessments.report_year,
        sheets.sheet_zh as sheet,
        null as row_number,
        null as row_identity,
        'report_year' as field,
        assessments.report_year as value
    from {{ ref('int_assessments_framed') }} as assessments
    left join judged on assessments.assessment_id = judged.assessment_id
    inner join {{ ref('workbook_sheets') }} as sheets on sheets.table_name = 'cover'
    where judged.assessment_id is null
)

{{ select_findings('Q19', 'failing') }}
