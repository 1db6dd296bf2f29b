-- Which rows of a submission in force an indicator of a year was counted from: how many, and the first of
-- them by their number in the sheet. Of a sum over an optional field: the rows that fill it.
{{ config(materialized='table') }}
{% set conditions = [
    ('ENTERPRISES', 'true'),
    ('UNSIZED_COUNT', 'is_sme is null'),
    ('SME_COUNT', 'is_sme'),
    ('SME_COUNT_SHARE', 'is_sme'),
    ('TOTAL_REVENUE', 'revenue_wan is not null'),
    ('SME_REVENUE', 'is_sme and revenue_wan is not null'),
    ('SME_REVENUE_SHARE', 'is_sme and revenue_wan is not null'),
    ('FOREIGN_FUNDED', is_foreign_funded()),
    ('FDI', 'fdi_wan_usd is not null'),
    ('EXPORT', 'export_wan is not null'),
    ('SME_RD', 'is_sme and rd_expense_wan is not null'),
    ('INVENTION_PATENTS', 'invention_patents is not null'),
    ('PCT', 'pct_patents is not null'),
    ('CHAMPIONS_AND_GIANTS', is_of_tier('CHAMPIONS_AND_GIANTS')),
    ('SPECIALISED', is_of_tier('SPECIALISED')),
    ('TECH_INNOVATIVE', is_of_tier('TECH_INNOVATIVE')),
    ('SERVED_SHARE', 'served'),
] %}

with roster as (
    select
        submission_id,
        year,
        {% for code, condition in conditions %}
            count(case when {{ condition }} then 1 end) as {{ code | lower }}_rows,
            {{ first_rows(condition) }} as {{ code | lower }}_first,
        {% endfor %}
        count(*) as rows_read
    from {{ ref('int_enterprises_classified') }}
    group by submission_id, year
),

cooperation as (
    select
        measured.submission_id,
        measured.year,
        members.indicator_code,
        count(*) as rows_counted,
        {{ first_rows() }} as row_numbers
    from {{ ref('int_rosters_measured') }} as measured
    inner join {{ ref('stg_lake__cooperation') }} as cooperation
        on
            measured.submission_id = cooperation.submission_id
            and cooperation.established_on <= {{ year_end('measured.year') }}
            and (cooperation.ended_on is null or cooperation.ended_on > {{ year_end('measured.year') }})
    inner join {{ ref('indicator_members') }} as members
        on
            members.counted = 'cooperation'
            and cooperation.category = members.member
            and (members.level is null or cooperation.level = members.level)
    group by measured.submission_id, measured.year, members.indicator_code
),

activities as (
    select
        submissions.submission_id,
        submissions.report_year as year,
        count(*) as rows_counted,
        {{ first_rows() }} as row_numbers
    from {{ ref('int_submissions_versioned') }} as submissions
    inner join {{ ref('stg_lake__activities') }} as activities
        on submissions.submission_id = activities.submission_id
    where submissions.in_force
    group by submissions.submission_id, submissions.report_year
)

{% for code, condition in conditions %}
    select
        submission_id,
        year,
        '{{ code }}' as indicator_code,
        'roster' as table_name,
        {{ code | lower }}_rows as rows_counted,
        {{ code | lower }}_first as row_numbers
    from roster
    union all
{% endfor %}
select
    submission_id,
    year,
    indicator_code,
    'cooperation' as table_name,
    rows_counted,
    row_numbers
from cooperation
union all
select
    submission_id,
    year,
    'SERVICE_AREAS' as indicator_code,
    'activities' as table_name,
    rows_counted,
    row_numbers
from activities
