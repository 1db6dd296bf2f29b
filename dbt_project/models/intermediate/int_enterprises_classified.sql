-- The accepted roster rows of the submissions in force, with size and the tiers that count.
{{ config(materialized='view') }}

with classified as (
    select
        roster.*,
        submissions.zone_id,
        {% for metric in size_metrics() %}
            industries.{{ metric }}_large,
            industries.{{ metric }}_medium,
            industries.{{ metric }}_small,
        {% endfor %}
        industries.standard_industry,
        honours.tiers as verified_tiers
    from {{ ref('stg_lake__enterprises') }} as roster
    inner join {{ ref('int_submissions_versioned') }} as submissions
        on roster.submission_id = submissions.submission_id and submissions.in_force
    left join {{ ref('int_industries_classified') }} as industries
        on roster.industry_code = industries.industry_code
    left join {{ ref('int_honours_counted') }} as honours
        on roster.uscc = honours.uscc and roster.year = honours.year
)

select
    submission_id,
    row_number,
    zone_id,
    year,
    uscc,
    enterprise_name,
    industry_code,
    ownership,
    {{ size_grade('standard_industry') }} as size,
    {{ is_sme('standard_industry') }} as is_sme,
    employees,
    revenue_wan,
    assets_wan,
    rd_expense_wan,
    invention_patents,
    pct_patents,
    export_wan,
    fdi_wan_usd,
    case when {{ parameter('honours_basis') }} = 'claimed' then quality_tiers else verified_tiers end
        as tiers,
    served
from classified
