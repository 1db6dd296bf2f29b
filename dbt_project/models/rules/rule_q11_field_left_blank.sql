-- Q11: enough of the rows that enter a sum over an optional field fill it (annex): research expense is summed
-- over SMEs, everything else over all enterprises of the year.
{% set sums = [
    ('rd_expense_wan', 'sme_rd_filled', 'sme_count', 'smes'),
    ('invention_patents', 'invention_patents_filled', 'enterprises', 'enterprises'),
    ('pct_patents', 'pct_filled', 'enterprises', 'enterprises'),
    ('export_wan', 'export_filled', 'enterprises', 'enterprises'),
    ('fdi_wan_usd', 'fdi_filled', 'enterprises', 'enterprises'),
] %}

with filled as (
    {% for field, rows_filled, rows_entering, case_id in sums %}
        select
            submission_id,
            year,
            '{{ field }}' as field,
            '{{ case_id }}' as case_id,
            cast({{ rows_filled }} as integer) as rows_filled,
            cast({{ rows_entering }} as integer) as rows_entering
        from {{ ref('int_rosters_measured') }}
        {{ "union all" if not loop.last }}
    {% endfor %}
),

failing as (
    select
        filled.case_id,
        filled.submission_id,
        submissions.submission_type,
        submissions.zone_id,
        submissions.report_year,
        sheets.sheet_zh as sheet,
        null as row_number,
        filled.year as row_identity,
        filled.field,
        concat(filled.rows_filled, '/', filled.rows_entering) as value,
        filled.year,
        filled.rows_filled,
        filled.rows_entering,
        fields.header_zh as header,
        {{ parameter('min_filled_share') }} as share
    from filled
    inner join {{ ref('int_submissions_versioned') }} as submissions
        on filled.submission_id = submissions.submission_id
    inner join {{ ref('workbook_sheets') }} as sheets on sheets.table_name = 'roster'
    inner join {{ ref('workbook_fields') }} as fields
        on fields.table_name = 'roster' and filled.field = fields.field
    where
        filled.rows_filled
        < {{ parameter('min_filled_share', 'decimal(18, 9)') }} * cast(filled.rows_entering as decimal(18, 0))
)

{{ select_findings(
    'Q11', 'failing', placeholders=['year', 'rows_filled', 'rows_entering', 'header', 'share']
) }}
