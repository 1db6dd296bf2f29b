{#-
    Size by the 2011 standard (工信部联企业〔2011〕300号). Columns: the metrics of an enterprise, and
    <metric>_large, _medium, _small: the lower bounds of its industry, null where the industry does not use
    the metric. A metric not stated makes its comparison null, so the disjunction is itself three-valued.
-#}

{#- The metrics that the standard knows. -#}
{% macro size_metrics() -%}
    {{ return(['employees', 'revenue_wan', 'assets_wan']) }}
{%- endmacro %}

{#- Whether any metric of the industry is below its bound: true, false (all stated, none is) or null. -#}
{% macro any_metric_below(bound) -%}
    (
        {%- for metric in size_metrics() %}
        {%- set lower_bound = metric ~ '_' ~ bound %}
        {{ "or " if not loop.first }}({{ lower_bound }} is not null and {{ metric }} < {{ lower_bound }})
        {%- endfor %}
    )
{%- endmacro %}

{#- Whether a metric that the industry uses is not stated. -#}
{% macro any_metric_missing() -%}
    (
        {%- for metric in size_metrics() %}
        {{ "or " if not loop.first }}({{ metric }}_large is not null and {{ metric }} is null)
        {%- endfor %}
    )
{%- endmacro %}

{#- Whether the enterprise is small or medium-sized: null when that is not known. -#}
{% macro is_sme(standard_industry) -%}
    case when {{ standard_industry }} is not null then {{ any_metric_below('large') }} end
{%- endmacro %}

{#- The grade: large, medium, small, micro or unknown. -#}
{% macro size_grade(standard_industry) -%}
    case
        when {{ standard_industry }} is null then 'unknown'
        when {{ any_metric_below('small') }} then 'micro'
        when {{ any_metric_missing() }} then 'unknown'
        when {{ any_metric_below('medium') }} then 'small'
        when {{ any_metric_below('large') }} then 'medium'
        else 'large'
    end
{%- endmacro %}
