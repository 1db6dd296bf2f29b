{#- The value in force of a parameter of the standard, as `data_type`. -#}
{% macro parameter(name, data_type='varchar') -%}
    (
        select cast(parameter_in_force.value as {{ data_type }})
        from {{ ref('int_parameters_resolved') }} as parameter_in_force
        where parameter_in_force.parameter = '{{ name }}'
    )
{%- endmacro %}

{#- Parameters that the run overrides, as rows (parameter, value); no rows when there are none. -#}
{% macro parameter_overrides() -%}
    {%- set overrides = var('parameters') or {} -%}
    {%- if overrides -%}
        {%- for name, value in overrides.items() -%}
            {{ "union all " if not loop.first }}select
                '{{ name | replace("'", "''") }}' as parameter,
                '{{ (value | string) | replace("'", "''") }}' as value
        {% endfor -%}
    {%- else -%}
        select
            cast(null as {{ dbt.type_string() }}) as parameter,
            cast(null as {{ dbt.type_string() }}) as value
        where false
    {%- endif -%}
{%- endmacro %}

{#- Stop the build with a message. -#}
{% macro fail_with(message) -%}
    {{ return(adapter.dispatch('fail_with')(message)) }}
{%- endmacro %}

{% macro default__fail_with(message) -%}
    error({{ message }})
{%- endmacro %}

{% macro spark__fail_with(message) -%}
    raise_error({{ message }})
{%- endmacro %}

{#- Whether a text is a number of the same kind (whole or decimal) as another, not negative. -#}
{% macro is_number_of_the_same_kind(value, default_value) -%}
    (
        (regexp_matches({{ default_value }}, '^\d+$') and regexp_matches({{ value }}, '^\d{1,9}$'))
        or (regexp_matches({{ default_value }}, '^\d+\.\d+$') and regexp_matches({{ value }}, '^\d{1,9}(\.\d{1,9})?$'))
    )
{%- endmacro %}

{#- Parameters whose alternatives no model computes yet: choosing one stops the build instead of being ignored. -#}
{% macro unsupported_parameters() -%}
    'province_comparison'
{%- endmacro %}
