-- Q07: a self-reported total within self_report_tolerance of the roster (Art. 11(1)).
with failing as (
    select
        'off_roster' as case_id,
        compared.submission_id,
        compared.submission_type,
        compared.zone_id,
        compared.report_year,
        sheets.sheet_zh as sheet,
        compared.row_number,
        {{ row_identity([
            'compared.year', 'compared.indicator_code', written_plainly('compared.reported_value'),
        ]) }} as row_identity,
        'value' as field,
        {{ written_plainly('compared.reported_value') }} as value,
        {{ written_plainly('compared.roster_value') }} as roster_value,
        {{ parameter('self_report_tolerance') }} as tolerance,
        compared.year,
        compared.indicator_code,
        indicators.name_zh
    from {{ ref('int_self_reports_compared') }} as compared
    inner join {{ ref('indicator_definitions') }} as indicators
        on compared.indicator_code = indicators.indicator_code
    inner join {{ ref('workbook_sheets') }} as sheets on sheets.table_name = 'self_reported'
    where compared.exceeds_tolerance
)

{{ select_findings(
    'Q07', 'failing', placeholders=['roster_value', 'tolerance', 'year', 'indicator_code', 'name_zh']
) }}
