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

{#- Whether a text is written as another one is: a whole number, a decimal, or a month and a day. -#}
{% macro is_written_alike(value, default_value) -%}
    (
        {%- for shape in ['[0-9]{1,9}', '[0-9]{1,9}[.][0-9]{1,9}', '(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])'] %}
        {{ "or " if not loop.first -}}
        (
            regexp_matches({{ default_value }}, '^{{ shape }}$')
            and regexp_matches({{ value }}, '^{{ shape }}$')
        )
        {%- endfor %}
    )
{%- endmacro %}

{#- Parameters whose alternatives no model computes: choosing one stops the build, it is never ignored. -#}
{% macro unsupported_parameters() -%}
    'province_comparison'
{%- endmacro %}
