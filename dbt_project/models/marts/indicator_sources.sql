-- From a number back to the rows that it was counted from: of every indicator of a zone and year, and of an
-- assessment, the submission, the sheet, how many rows, and the first of them. A growth has two years.
with counted as (
    select * from {{ ref('int_sheet_rows_counted') }}
),

own_year as (
    select
        evaluations.evaluation_id,
        counted.indicator_code,
        counted.year as source_year,
        counted.submission_id,
        counted.table_name,
        counted.rows_counted,
        counted.row_numbers
    from {{ ref('int_evaluations_listed') }} as evaluations
    inner join counted
        on evaluations.submission_id = counted.submission_id and evaluations.year = counted.year
),

ends_of_growth as (
    select
        evaluations.evaluation_id,
        growth.ratio_code,
        growth.measure_code,
        evaluations.submission_id,
        evaluations.year
    from {{ ref('int_evaluations_listed') }} as evaluations
    cross join {{ ref('growth_indicators') }} as growth
    union all
    select
        bases.evaluation_id,
        growth.ratio_code,
        growth.measure_code,
        bases.base_submission_id as submission_id,
        evaluations.year - growth.base_years as year
    from {{ ref('int_growth_bases_chosen') }} as bases
    inner join {{ ref('growth_indicators') }} as growth on bases.base_years = growth.base_years
    inner join {{ ref('int_evaluations_listed') }} as evaluations
        on bases.evaluation_id = evaluations.evaluation_id
),

codes as (
    select
        ratio_code,
        ratio_code as indicator_code
    from {{ ref('growth_indicators') }}
    union all
    select
        ratio_code,
        lead_code as indicator_code
    from {{ ref('growth_indicators') }}
    where lead_code is not null
),

growth as (
    select
        ends_of_growth.evaluation_id,
        codes.indicator_code,
        counted.year as source_year,
        counted.submission_id,
        counted.table_name,
        counted.rows_counted,
        counted.row_numbers
    from ends_of_growth
    inner join counted
        on
            ends_of_growth.submission_id = counted.submission_id
            and ends_of_growth.year = counted.year
            and ends_of_growth.measure_code = counted.indicator_code
    inner join codes on ends_of_growth.ratio_code = codes.ratio_code
),

documents as (
    select
        assessments.assessment_id as evaluation_id,
        indicators.indicator_code,
        assessments.report_year as source_year,
        assessments.submission_id,
        'documents' as table_name,
        count(*) as rows_counted,
        {{ first_rows() }} as row_numbers
    from {{ ref('int_assessments_framed') }} as assessments
    cross join {{ ref('document_indicators') }} as indicators
    inner join {{ ref('stg_lake__documents') }} as documents
        on
            assessments.submission_id = documents.submission_id
            and indicators.document_type = documents.document_type
            and extract(year from documents.dated_on)
            between assessments.report_year + indicators.first_year_offset
            and assessments.report_year + indicators.last_year_offset
    group by
        assessments.assessment_id,
        indicators.indicator_code,
        assessments.report_year,
        assessments.submission_id
),

united as (
    select * from own_year
    union all
    select * from growth
    union all
    select * from documents
)

select
    united.evaluation_id,
    united.indicator_code,
    cast(united.source_year as integer) as source_year,
    united.submission_id,
    sheets.sheet_zh as sheet,
    cast(united.rows_counted as bigint) as rows_counted,
    united.row_numbers
from united
inner join {{ ref('workbook_sheets') }} as sheets on united.table_name = sheets.table_name
where united.rows_counted > 0
