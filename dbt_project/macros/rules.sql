{#- What several rules over the whole warehouse share. -#}

{#- The limit of a rule (seed quality_rule_limits), as `data_type`. -#}
{% macro rule_limit(rule_id, limit_name, data_type='decimal(9, 3)') -%}
    (
        select cast(limits.value as {{ data_type }})
        from {{ ref('quality_rule_limits') }} as limits
        where limits.rule_id = '{{ rule_id }}' and limits.limit_name = '{{ limit_name }}'
    )
{%- endmacro %}

{#-
    The place of a finding in the roster: the columns of `failing_columns` up to the row's identity, and what
    messages call the row by. Needs the seed workbook_sheets joined as `sheets`.
-#}
{% macro roster_place(relation) -%}
    {%- for name in ['submission_id', 'submission_type', 'zone_id', 'report_year', 'row_number'] %}
    {{ relation }}.{{ name }},
    {%- endfor %}
    sheets.sheet_zh as sheet,
    {{ row_identity([relation ~ '.uscc', relation ~ '.year']) }} as row_identity,
    {{ relation }}.uscc,
    {{ relation }}.year,
    {{ quoted(relation ~ '.enterprise_name') }} as enterprise_name
{%- endmacro %}

{#- A number of which two ends are known, as a person writes it: once where they are the same. -#}
{% macro range_written(low, high) -%}
    case
        when {{ low }} = {{ high }} then {{ written_plainly(low) }}
        else concat({{ written_plainly(low) }}, '..', {{ written_plainly(high) }})
    end
{%- endmacro %}

{#- What a message quotes of a text; the finding's value is whole. -#}
{% macro quoted(text) -%}
    left({{ text }}, 80)
{%- endmacro %}

{#-
    The row of a ledger that is being selected, as one text: what it says, without where it stands, when it was
    recorded and whether it counts.
-#}
{% macro row_contents() -%}
    {{ return(adapter.dispatch('row_contents')()) }}
{%- endmacro %}

{% macro default__row_contents() -%}
    cast(to_json(struct_pack(*columns(
        * exclude (ledger_file, row_number, is_in_force, row_identity, recorded_at, void)
    ))) as varchar)
{%- endmacro %}
