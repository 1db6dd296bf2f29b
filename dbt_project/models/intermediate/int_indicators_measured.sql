-- What a submission in force says of each year of its roster, one row an indicator: a numerator with the
-- low and the high end that unknown sizes leave, over a denominator (1 where the indicator is no ratio).
-- A null numerator is an indicator that can't be computed.
{% set counted_at_once = [
    ('ENTERPRISES', 'enterprises'),
    ('UNSIZED_COUNT', 'unsized_count'),
    ('TOTAL_REVENUE', 'total_revenue'),
    ('FOREIGN_FUNDED', 'foreign_funded'),
    ('FDI', 'fdi'),
    ('EXPORT', 'export'),
    ('SME_RD', 'sme_rd'),
    ('INVENTION_PATENTS', 'invention_patents'),
    ('PCT', 'pct'),
    ('CHAMPIONS_AND_GIANTS', 'champions_and_giants'),
    ('SPECIALISED', 'specialised'),
    ('TECH_INNOVATIVE', 'tech_innovative'),
] %}
{% set counted_by_size = [
    ('SME_COUNT', 'sme_count', 'unsized_count', '1'),
    ('SME_REVENUE', 'sme_revenue', 'unsized_revenue', '1'),
    ('SME_COUNT_SHARE', 'sme_count', 'unsized_count', 'enterprises'),
    ('SME_REVENUE_SHARE', 'sme_revenue', 'unsized_revenue', 'total_revenue'),
    ('SME_EMPLOYEES_SHARE', 'sme_employees', 'unsized_employees', 'total_employees'),
    ('SERVED_SHARE', 'served', '0', 'enterprises'),
] %}

with cooperation_counted as (
    select
        cooperation.submission_id,
        measured.year,
        members.indicator_code,
        count(distinct cooperation.name) as names
    from {{ ref('stg_lake__cooperation') }} as cooperation
    inner join {{ ref('int_rosters_measured') }} as measured
        on cooperation.submission_id = measured.submission_id
    inner join {{ ref('indicator_members') }} as members
        on
            members.counted = 'cooperation'
            and cooperation.category = members.member
            and (members.level is null or cooperation.level = members.level)
    where
        cooperation.established_on <= {{ year_end('measured.year') }}
        and (cooperation.ended_on is null or cooperation.ended_on > {{ year_end('measured.year') }})
    group by cooperation.submission_id, measured.year, members.indicator_code
),

cooperation_indicators as (
    select distinct indicator_code
    from {{ ref('indicator_members') }}
    where counted = 'cooperation'
),

areas_counted as (
    select
        submission_id,
        count(distinct service_area) as areas
    from {{ ref('stg_lake__activities') }}
    group by submission_id
)

{% for code, column in counted_at_once %}
select
    submission_id,
    zone_id,
    year,
    '{{ code }}' as indicator_code,
    {{ column }} as numerator,
    {{ column }} as numerator_high,
    cast(1 as {{ measure_type() }}) as denominator
from {{ ref('int_rosters_measured') }}
union all
{% endfor %}
{% for code, column, unsized, total in counted_by_size %}
select
    submission_id,
    zone_id,
    year,
    '{{ code }}' as indicator_code,
    case when {{ total }} > 0 then {{ column }} end as numerator,
    case when {{ total }} > 0 then cast({{ column }} + {{ unsized }} as {{ measure_type() }}) end as numerator_high,
    cast({{ total }} as {{ measure_type() }}) as denominator
from {{ ref('int_rosters_measured') }}
union all
{% endfor %}
select
    measured.submission_id,
    measured.zone_id,
    measured.year,
    cooperation_indicators.indicator_code,
    cast(coalesce(counted.names, 0) as {{ measure_type() }}) as numerator,
    cast(coalesce(counted.names, 0) as {{ measure_type() }}) as numerator_high,
    cast(1 as {{ measure_type() }}) as denominator
from {{ ref('int_rosters_measured') }} as measured
cross join cooperation_indicators
left join cooperation_counted as counted
    on
        measured.submission_id = counted.submission_id
        and measured.year = counted.year
        and cooperation_indicators.indicator_code = counted.indicator_code
union all
-- Activities lie within the report year: they say nothing of the other years of the roster.
select
    measured.submission_id,
    measured.zone_id,
    measured.year,
    'SERVICE_AREAS' as indicator_code,
    case when measured.year = submissions.report_year
        then cast(coalesce(areas_counted.areas, 0) as {{ measure_type() }})
    end as numerator,
    case when measured.year = submissions.report_year
        then cast(coalesce(areas_counted.areas, 0) as {{ measure_type() }})
    end as numerator_high,
    cast(1 as {{ measure_type() }}) as denominator
from {{ ref('int_rosters_measured') }} as measured
inner join {{ ref('int_submissions_versioned') }} as submissions
    on measured.submission_id = submissions.submission_id
left join areas_counted on measured.submission_id = areas_counted.submission_id
