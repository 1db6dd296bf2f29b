-- What a submission in force says of each year of its roster, one row an indicator: a numerator with the
-- low and the high end that unknown sizes leave, over a denominator (1 where the indicator is no ratio).
-- A null numerator is an indicator that can't be computed.
{% set measures = [
    ('ENTERPRISES', 'enterprises', '1'),
    ('UNSIZED_COUNT', 'unsized_count', '1'),
    ('TOTAL_REVENUE', 'total_revenue', '1'),
    ('FOREIGN_FUNDED', 'foreign_funded', '1'),
    ('FDI', 'fdi', '1'),
    ('EXPORT', 'export', '1'),
    ('SME_RD', 'sme_rd', '1'),
    ('INVENTION_PATENTS', 'invention_patents', '1'),
    ('PCT', 'pct', '1'),
    ('CHAMPIONS_AND_GIANTS', 'champions_and_giants', '1'),
    ('SPECIALISED', 'specialised', '1'),
    ('TECH_INNOVATIVE', 'tech_innovative', '1'),
    ('SERVED_SHARE', 'served', 'enterprises'),
] %}

with measured as (
    {% for code, numerator, denominator in measures %}
        select
            submission_id,
            zone_id,
            year,
            '{{ code }}' as indicator_code,
            {{ numerator }} as numerator,
            cast({{ denominator }} as {{ measure_type() }}) as denominator
        from {{ ref('int_rosters_measured') }}
        union all
    {% endfor %}
    select
        submission_id,
        zone_id,
        year,
        'SERVICE_AREAS' as indicator_code,
        areas as numerator,
        cast(1 as {{ measure_type() }}) as denominator
    from {{ ref('int_service_areas_counted') }}
    union all
    select
        submission_id,
        zone_id,
        year,
        indicator_code,
        names as numerator,
        cast(1 as {{ measure_type() }}) as denominator
    from {{ ref('int_cooperation_counted') }}
)

select
    submission_id,
    zone_id,
    year,
    indicator_code,
    numerator,
    numerator as numerator_high,
    denominator
from measured
union all
select
    submission_id,
    zone_id,
    year,
    indicator_code,
    numerator,
    numerator_high,
    denominator
from {{ ref('int_sme_parts_measured') }}
