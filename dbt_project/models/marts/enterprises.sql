-- The roster rows of the submission that counts for their zone and year.
select
    enterprises.zone_id,
    enterprises.year,
    enterprises.uscc,
    enterprises.enterprise_name,
    enterprises.industry_code,
    enterprises.ownership,
    enterprises.size,
    enterprises.is_sme,
    enterprises.revenue_wan,
    enterprises.employees,
    enterprises.assets_wan,
    enterprises.rd_expense_wan,
    enterprises.export_wan,
    enterprises.fdi_wan_usd,
    enterprises.tiers,
    enterprises.submission_id
from {{ ref('int_enterprises_classified') }} as enterprises
inner join {{ ref('int_zone_years_chosen') }} as chosen
    on enterprises.submission_id = chosen.submission_id and enterprises.year = chosen.year
