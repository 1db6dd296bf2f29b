select
    zone_id, year, uscc, revenue_wan, employees, assets_wan, rd_expense_wan, export_wan, fdi_wan_usd
from {batch}
where least(revenue_wan, employees, assets_wan, rd_expense_wan, export_wan, fdi_wan_usd) < 0
