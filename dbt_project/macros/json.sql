{#-
    The rows of a group as JSON text: a list of objects with the named columns, in the order of the first.
    Decimals keep all their places, so the text is the same on every run.
-#}
{% macro json_list(columns) -%}
    {{ return(adapter.dispatch('json_list')(columns)) }}
{%- endmacro %}

{% macro default__json_list(columns) -%}
    cast(to_json(list(
        {
            {%- for column in columns %}
            '{{ column }}': {{ column }}{{ "," if not loop.last }}
            {%- endfor %}
        }
        order by {{ columns[0] }}
    )) as varchar)
{%- endmacro %}

{% macro spark__json_list(columns) -%}
    to_json(array_sort(collect_list(struct({{ columns | join(', ') }}))), map('ignoreNullFields', 'false'))
{%- endmacro %}
