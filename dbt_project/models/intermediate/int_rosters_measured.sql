-- What the roster of a submission in force says of a year: counts, sums in the units of the roster, and how
-- many rows fill the field of a sum.
select
    submission_id,
    zone_id,
    year,
    {{ rows_where('true') }} as enterprises,
    {{ rows_where('is_sme') }} as sme_count,
    {{ rows_where('is_sme is null') }} as unsized_count,
    {{ sum_where('revenue_wan') }} as total_revenue,
    {{ sum_where('revenue_wan', 'is_sme') }} as sme_revenue,
    {{ sum_where('revenue_wan', 'is_sme is null') }} as unsized_revenue,
    {{ sum_where('employees') }} as total_employees,
    {{ sum_where('employees', 'is_sme') }} as sme_employees,
    {{ sum_where('employees', 'is_sme is null') }} as unsized_employees,
    {{ rows_where(is_foreign_funded()) }} as foreign_funded,
    {{ filled_sum('fdi_wan_usd') }} as fdi,
    {{ rows_where('fdi_wan_usd is not null') }} as fdi_filled,
    {{ filled_sum('export_wan') }} as export,
    {{ rows_where('export_wan is not null') }} as export_filled,
    {{ filled_sum('rd_expense_wan', 'is_sme') }} as sme_rd,
    {{ rows_where('is_sme and rd_expense_wan is not null') }} as sme_rd_filled,
    {{ filled_sum('invention_patents') }} as invention_patents,
    {{ rows_where('invention_patents is not null') }} as invention_patents_filled,
    {{ filled_sum('pct_patents') }} as pct,
    {{ rows_where('pct_patents is not null') }} as pct_filled,
    {{ enterprises_of_tier('CHAMPIONS_AND_GIANTS') }} as champions_and_giants,
    {{ enterprises_of_tier('SPECIALISED') }} as specialised,
    {{ enterprises_of_tier('TECH_INNOVATIVE') }} as tech_innovative,
    {{ rows_where('served') }} as served
from {{ ref('int_enterprises_classified') }}
group by submission_id, zone_id, year
