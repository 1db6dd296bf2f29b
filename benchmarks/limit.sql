-- The marts of a clean inbox as one would write them by hand: doubles, no findings, no history.
create temp table files as
select column0::int as number, column1 as file_name
from read_csv(getvariable('folder') || '/files.csv', header = false, delim = '\t');

create temp macro number_of(path) as regexp_extract(path, '(\d+)\.parquet$', 1)::int;

create temp macro day_of(value) as
coalesce(try_cast(value as date), try_strptime(value::varchar, ['%Y年%m月%d日', '%Y/%m/%d'])::date);

create temp table covers as
with cells as (
    select number_of(filename) as number, key, value
    from read_parquet(getvariable('folder') || '/cover/*.parquet', filename = true)
)
select
    number,
    max(value) filter (key = '报送类型') as type_zh,
    max(value) filter (key = '合作区编码') as zone_id,
    max(value) filter (key = '合作区名称') as zone_name,
    max(value) filter (key = '省级主管部门代码') as authority_code,
    max(value) filter (key = '地市代码') as prefecture_code,
    max(value) filter (key = '报告年度')::int as report_year,
    max(value) filter (key = '四至范围') as boundary,
    max(value) filter (key = '功能划分') as functions
from cells group by number;

create table submissions as
select
    c.*, f.file_name, r.received_at,
    map {'申报': 'application', '年度报告': 'annual_report', '复核': 're_review'}[type_zh] as submission_type,
    row_number() over (
        partition by zone_id, type_zh, report_year order by r.received_at desc, number desc
    ) = 1 as in_force
from covers as c
join files as f using (number)
join read_parquet(getvariable('folder') || '/ledgers/receipts.parquet') as r using (file_name);

create temp table roster as
select
    number_of(filename) as number, year::int as year, uscc, enterprise_name, industry_code, ownership,
    employees::double as employees, revenue_wan::double as revenue_wan, assets_wan::double as assets_wan,
    rd_expense_wan::double as rd_expense_wan, invention_patents::double as invention_patents,
    pct_patents::double as pct_patents, export_wan::double as export_wan, fdi_wan_usd::double as fdi_wan_usd,
    quality_tiers, served
from read_parquet(getvariable('folder') || '/roster/*.parquet', filename = true, union_by_name = true);

create temp table zone_years as
select s.zone_id, y.year, arg_max(s.number, (s.received_at, s.number)) as number
from (select distinct number, year from roster) as y
join submissions as s using (number)
where s.in_force
group by s.zone_id, y.year;

create temp table industries as
select code, arg_max(i.industry_code, length(i.gbt4754_prefix)) as industry
from (select distinct industry_code as code from roster) as codes
join read_csv(getvariable('seeds') || '/standard/sme_size_industries.csv', all_varchar = true) as i
    on starts_with(codes.code, i.gbt4754_prefix)
group by code;

create temp table bounds as
select
    industry_code as industry,
    max(large_lower::double) filter (metric = 'employees') as employees_large,
    max(medium_lower::double) filter (metric = 'employees') as employees_medium,
    max(small_lower::double) filter (metric = 'employees') as employees_small,
    max(large_lower::double) filter (metric = 'revenue_wan') as revenue_large,
    max(medium_lower::double) filter (metric = 'revenue_wan') as revenue_medium,
    max(small_lower::double) filter (metric = 'revenue_wan') as revenue_small,
    max(large_lower::double) filter (metric = 'assets_wan') as assets_large,
    max(medium_lower::double) filter (metric = 'assets_wan') as assets_medium,
    max(small_lower::double) filter (metric = 'assets_wan') as assets_small
from read_csv(getvariable('seeds') || '/standard/sme_size_standard.csv', all_varchar = true)
group by industry_code;

create temp table honours as
select uscc, tier, valid_from::date as valid_from, valid_to::date as valid_to
from read_parquet(getvariable('folder') || '/ledgers/honours.parquet');

create temp table tiers as
select h.uscc, y.year, string_agg(distinct h.tier, ',' order by h.tier) as tiers
from honours as h
join (select distinct year from roster) as y
    on h.valid_from <= make_date(y.year, 12, 31)
    and coalesce(h.valid_to, date '9999-12-31') >= make_date(y.year, 12, 31)
group by h.uscc, y.year;

create table enterprises as
select
    z.zone_id, r.year, r.uscc, r.enterprise_name, r.industry_code, r.ownership, r.revenue_wan, r.employees,
    r.assets_wan, r.rd_expense_wan, r.export_wan, r.fdi_wan_usd, r.invention_patents, r.pct_patents,
    r.served = '是' as served, t.tiers, r.number,
    case
        when b.industry is null then null
        when coalesce(employees < employees_large, false) or coalesce(revenue_wan < revenue_large, false)
            or coalesce(assets_wan < assets_large, false) then true
        when (employees_large is null or employees is not null)
            and (revenue_large is null or revenue_wan is not null)
            and (assets_large is null or assets_wan is not null) then false
    end as is_sme,
    case
        when b.industry is null then 'unknown'
        when coalesce(employees < employees_small, false) or coalesce(revenue_wan < revenue_small, false)
            or coalesce(assets_wan < assets_small, false) then 'micro'
        when (employees_large is not null and employees is null)
            or (revenue_large is not null and revenue_wan is null)
            or (assets_large is not null and assets_wan is null) then 'unknown'
        when coalesce(employees < employees_medium, false) or coalesce(revenue_wan < revenue_medium, false)
            or coalesce(assets_wan < assets_medium, false) then 'small'
        when coalesce(employees < employees_large, false) or coalesce(revenue_wan < revenue_large, false)
            or coalesce(assets_wan < assets_large, false) then 'medium'
        else 'large'
    end as size
from roster as r
join zone_years as z using (number, year)
left join industries as i on r.industry_code = i.code
left join bounds as b on i.industry = b.industry
left join tiers as t on r.uscc = t.uscc and r.year = t.year;

create temp table sums as
select
    zone_id, year, any_value(number) as number, count(*) as enterprises,
    count(*) filter (is_sme) as sme_count, count(*) filter (is_sme is null) as unsized_count,
    sum(revenue_wan) as total_revenue, sum(revenue_wan) filter (is_sme) as sme_revenue,
    count(*) filter (ownership in ('外资', '合资', '港澳台资')) as foreign_funded,
    if(count(fdi_wan_usd) >= 0.95 * count(*), sum(fdi_wan_usd), null) as fdi,
    if(count(export_wan) >= 0.95 * count(*), sum(export_wan), null) as export,
    if(
        count(rd_expense_wan) filter (is_sme) >= 0.95 * count(*) filter (is_sme),
        sum(rd_expense_wan) filter (is_sme), null
    ) as sme_rd,
    if(count(invention_patents) >= 0.95 * count(*), sum(invention_patents), null) as invention_patents,
    if(count(pct_patents) >= 0.95 * count(*), sum(pct_patents), null) as pct,
    count(*) filter (tiers similar to '.*(champion|little_giant).*') as champions_and_giants,
    count(*) filter (tiers similar to '.*(specialised|little_giant).*') as specialised,
    count(*) filter (tiers similar to '.*(technology|innovative|specialised|little_giant).*') as tech_innovative,
    count(*) filter (served) * 1.0 / count(*) as served_share
from enterprises group by zone_id, year;

create temp table counted as
with cooperation as (
    select
        number_of(filename) as number, category, name, level, day_of(established_on) as established_on,
        day_of(ended_on) as ended_on
    from read_parquet(getvariable('folder') || '/cooperation/*.parquet', filename = true, union_by_name = true)
)
select
    z.zone_id, z.year,
    count(distinct name) filter (category = '海外合作机制') as cooperation_mechanisms,
    count(distinct name) filter (category in ('海外分支机构', '海外联络站')) as overseas_outposts,
    count(distinct name) filter (category = '创新平台' and level in ('国家级', '省级')) as innovation_platforms,
    count(distinct name) filter (category = '海外研发机构') as overseas_rd,
    count(distinct name) filter (category = '国际化服务机构') as international_service_bodies,
    count(distinct name) filter (category = '运营管理机构') as operating_bodies
from zone_years as z
left join cooperation as c
    on z.number = c.number and c.established_on <= make_date(z.year, 12, 31)
    and coalesce(c.ended_on, date '9999-12-31') > make_date(z.year, 12, 31)
group by z.zone_id, z.year;

create table province_indicators as
with newest as (
    select
        region_code, year::int as year, indicator,
        arg_max(value::double * if(unit like '%100M', 10000, 1), published_on) as value
    from read_parquet(getvariable('folder') || '/ledgers/provincial_statistics.parquet')
    group by all
)
select n.*, n.value / nullif(o.value, 0) as ratio
from newest as n
left join newest as o on n.region_code = o.region_code and n.indicator = o.indicator and n.year = o.year + 3;

create table indicators as
with areas as (
    select number_of(filename) as number, count(distinct service_area) as service_areas
    from read_parquet(getvariable('folder') || '/activities/*.parquet', filename = true, union_by_name = true)
    group by 1
),
wide as (
    select
        s.*, c.* exclude (zone_id, year),
        if(s.year = w.report_year, a.service_areas, null) as service_areas,
        s.fdi / nullif(o.fdi, 0) as fdi_ratio_3y, s.export / nullif(o.export, 0) as export_ratio_3y,
        s.sme_rd / nullif(o.sme_rd, 0) as sme_rd_ratio_3y,
        s.invention_patents / nullif(o.invention_patents, 0) as patent_ratio_3y,
        s.sme_count / s.enterprises as sme_count_share,
        s.sme_revenue / nullif(s.total_revenue, 0) as sme_revenue_share
    from sums as s
    join counted as c using (zone_id, year)
    left join areas as a using (number)
    join submissions as w on s.number = w.number
    left join sums as o on s.zone_id = o.zone_id and s.year = o.year + 3
)
unpivot (from wide select * replace (enterprises::double as enterprises))
on columns(* exclude (zone_id, year, number)) into name indicator_code value value;

create temp table observed as
with assessments as (
    select *, zone_id || '|' || submission_type || '|' || report_year as assessment_id
    from submissions where in_force
),
documents as (
    select
        number_of(filename) as number, document_type, day_of(dated_on) as dated_on
    from read_parquet(getvariable('folder') || '/documents/*.parquet', filename = true, union_by_name = true)
),
leads as (
    select
        a.assessment_id,
        if(p.indicator = 'fdi_usd', 'FDI_LEAD', 'EXPORT_LEAD') as indicator_code, i.value / p.ratio as value
    from assessments as a
    join read_csv(getvariable('seeds') || '/divisions/provincial_authorities.csv', all_varchar = true) as g
        using (authority_code)
    join province_indicators as p on p.region_code = g.parent_province_code and p.year = a.report_year
    join indicators as i
        on i.zone_id = a.zone_id and i.year = a.report_year
        and i.indicator_code = if(p.indicator = 'fdi_usd', 'fdi_ratio_3y', 'export_ratio_3y')
),
incidents as (
    select
        a.assessment_id, upper(b.domain) || '_INCIDENTS' as indicator_code,
        case
            when count(*) filter (i.level_rank::int >= b.min_barring_rank::int) > 0 or count(i.incident_id) = count(i.level_rank)
                then count(*) filter (i.level_rank::int >= b.min_barring_rank::int)
        end as value
    from assessments as a
    cross join read_csv(
        getvariable('seeds') || '/standard/incident_bar_thresholds.csv', all_varchar = true
    ) as b
    left join read_parquet(getvariable('folder') || '/ledgers/incidents.parquet') as i
        on i.zone_id = a.zone_id and i.domain = b.domain
        and i.occurred_on::date > a.received_at::date - interval 36 month
        and (a.submission_type <> 'annual_report' or i.occurred_on::date <= a.received_at::date)
    group by a.assessment_id, b.domain
),
records as (
    select
        a.assessment_id,
        if(k.kind = 'serious_dishonesty', 'SERIOUS_DISHONESTY', 'MAJOR_VIOLATIONS') as indicator_code,
        count(r.record_id) as value
    from assessments as a
    cross join (values ('serious_dishonesty'), ('major_violation')) as k(kind)
    left join read_parquet(getvariable('folder') || '/ledgers/credit_records.parquet') as r
        on r.zone_id = a.zone_id and r.kind = k.kind and r.cleared_on is null
        and (a.submission_type <> 'annual_report' or r.found_on::date <= a.received_at::date)
    group by a.assessment_id, k.kind
)
select assessment_id, upper(indicator_code) as indicator_code, value
from assessments as a join indicators as i on i.zone_id = a.zone_id and i.year = a.report_year
union all by name from leads
union all by name from incidents
union all by name from records
union all
select
    assessment_id, 'DEVELOPMENT_PLANS',
    (
        select count(*) from documents as d
        where d.number = a.number and document_type = '发展规划'
            and dated_on between make_date(report_year - 4, 1, 1) and make_date(report_year, 12, 31)
    )
from assessments as a
union all
select
    assessment_id, 'WORK_PLANS',
    (
        select count(*) from documents as d
        where d.number = a.number and document_type = '年度工作方案'
            and year(dated_on) in (report_year, report_year + 1)
    )
from assessments as a
union all select assessment_id, 'IN_ONE_PREFECTURE', 1 from assessments
union all select assessment_id, 'BOUNDARY_DEFINED', coalesce(trim(boundary) <> '', false)::int from assessments
union all select assessment_id, 'FUNCTIONS_DEFINED', coalesce(trim(functions) <> '', false)::int from assessments;

create table eligibility_criteria as
select
    a.assessment_id, c.criterion_id, c.requirement_id, c.dimension, c.binding, o.value as observed,
    case
        when o.value is null then 'unknown'
        when case c.operator
            when '>=' then o.value >= c.threshold::double when '>' then o.value > c.threshold::double
            else o.value = c.threshold::double
        end then 'met'
        else 'not_met'
    end as result
from (select zone_id || '|' || submission_type || '|' || report_year as assessment_id from submissions where in_force) as a
cross join read_csv(getvariable('seeds') || '/standard/criteria.csv', all_varchar = true) as c
left join observed as o on o.assessment_id = a.assessment_id and o.indicator_code = c.indicator_code;

create table scorecard_dimensions as
with requirements as (
    select
        assessment_id, dimension, requirement_id,
        case
            when bool_or(result = 'met') then 'met' when bool_or(result = 'unknown') then 'unknown' else 'not_met'
        end as result
    from eligibility_criteria where dimension <> 'gate' group by all
),
scores as (
    select
        zone_id || '|' || submission_type || '|' || report_year as assessment_id, dimension,
        if(count(*) >= 3, round(avg(score::double), 2), null) as panel_score, count(*) as experts
    from read_parquet(getvariable('folder') || '/ledgers/expert_scores.parquet')
    group by all
)
select
    r.assessment_id, r.dimension, d.points::double as points, s.panel_score, s.experts,
    round(d.points::double * count(*) filter (result = 'met') / count(*), 2) as reference_low,
    round(d.points::double * count(*) filter (result <> 'not_met') / count(*), 2) as reference_high
from requirements as r
join read_csv(getvariable('seeds') || '/standard/dimensions.csv', all_varchar = true) as d using (dimension)
left join scores as s on s.assessment_id = r.assessment_id and s.dimension = r.dimension
group by r.assessment_id, r.dimension, d.points, s.panel_score, s.experts;

create table scorecards as
select
    assessment_id, sum(coalesce(panel_score, 0)) as panel_low, sum(coalesce(panel_score, points)) as panel_high,
    sum(reference_low) as reference_low, sum(reference_high) as reference_high
from scorecard_dimensions group by assessment_id;

create table eligibility as
select
    e.assessment_id,
    case
        when bool_or(result = 'not_met') filter (binding = 'mandatory') then 'not_met'
        when bool_or(result = 'unknown') filter (binding = 'mandatory') then 'unknown'
        else 'met'
    end as gates_result,
    any_value(s.panel_low) >= 60 as passes
from eligibility_criteria as e join scorecards as s using (assessment_id)
group by e.assessment_id;

create table zones as
select zone_id, arg_max(zone_name, received_at) as zone_name, arg_max(authority_code, received_at) as authority_code
from submissions where in_force group by zone_id;
