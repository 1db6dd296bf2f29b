-- M01: the exports of a province's zones together do not exceed the province's (Art. 11(1)). An export that
-- can't be computed adds nothing, so what exceeds does so for certain.
with zones_together as (
    select
        evaluations.statistics_region_code as region_code,
        evaluations.year,
        sum(measured.numerator) as export_wan,
        string_agg(evaluations.zone_id, '、' order by evaluations.zone_id) as zones
    from {{ ref('int_evaluations_listed') }} as evaluations
    inner join {{ ref('int_indicators_measured') }} as measured
        on
            evaluations.submission_id = measured.submission_id
            and evaluations.year = measured.year
            and measured.indicator_code = 'EXPORT'
            and measured.numerator is not null
    where evaluations.evaluation_kind = 'zone_year'
    group by evaluations.statistics_region_code, evaluations.year
),

failing as (
    select
        'above_province' as case_id,
        null as submission_id,
        null as submission_type,
        null as zone_id,
        zones_together.year as report_year,
        'provincial_statistics' as sheet,
        statistics.row_number,
        {{ row_identity(['statistics.region_code', 'statistics.year', 'statistics.indicator']) }}
            as row_identity,
        'value' as field,
        {{ written_plainly('zones_together.export_wan') }} as value,
        statistics.ledger_file,
        provinces.name_zh as region_zh,
        provinces.name_en as region_en,
        statistics.year,
        {{ quoted('zones_together.zones') }} as zones,
        {{ written_plainly('statistics.value_10k') }} as province_value
    from zones_together
    inner join {{ ref('int_statistics_chosen') }} as statistics
        on
            zones_together.region_code = statistics.region_code
            and zones_together.year = statistics.year
            and statistics.indicator = 'export_cny'
    inner join {{ ref('provincial_authorities') }} as provinces
        on zones_together.region_code = provinces.authority_code
    where zones_together.export_wan > statistics.value_10k
)

{{ select_findings('M01', 'failing', placeholders=[
    'ledger_file', 'region_zh', 'region_en', 'year', 'zones', 'province_value',
]) }}
