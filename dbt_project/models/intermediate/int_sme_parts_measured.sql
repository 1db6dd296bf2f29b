-- The part that SMEs have in a roster, by number, revenue and employees: the low end counts no enterprise of
-- unknown size, the high end all of them. A part of nothing is not computable.
{{ config(materialized='view') }}

{% set parts = [
    ('SME_COUNT', 'sme_count', 'unsized_count', '1'),
    ('SME_REVENUE', 'sme_revenue', 'unsized_revenue', '1'),
    ('SME_COUNT_SHARE', 'sme_count', 'unsized_count', 'enterprises'),
    ('SME_REVENUE_SHARE', 'sme_revenue', 'unsized_revenue', 'total_revenue'),
    ('SME_EMPLOYEES_SHARE', 'sme_employees', 'unsized_employees', 'total_employees'),
] %}

{% for code, of_smes, of_unsized, whole in parts %}
    select
        submission_id,
        zone_id,
        year,
        '{{ code }}' as indicator_code,
        case when {{ whole }} > 0 then {{ of_smes }} end as numerator,
        case when {{ whole }} > 0 then {{ of_smes }} + {{ of_unsized }} end as numerator_high,
        cast({{ whole }} as {{ measure_type() }}) as denominator
    from {{ ref('int_rosters_measured') }}
    {{ "union all" if not loop.last }}
{% endfor %}
