{#-
    The stable id of a finding: the first 32 hex digits of the SHA-256 of its parts, joined by U+001F, nulls
    empty. The parts are columns in the order of the contract.
-#}
{% macro failure_id(parts) -%}
    {{ return(adapter.dispatch('failure_id')(parts)) }}
{%- endmacro %}

{% macro default__failure_id(parts) -%}
    left(sha256(concat_ws(
        chr(31)
        {%- for part in parts %},
        coalesce(cast({{ part }} as varchar), '')
        {%- endfor %}
    )), 32)
{%- endmacro %}

{% macro spark__failure_id(parts) -%}
    left(sha2(concat_ws(
        chr(31)
        {%- for part in parts %},
        coalesce(cast({{ part }} as string), '')
        {%- endfor %}
    ), 256), 32)
{%- endmacro %}
