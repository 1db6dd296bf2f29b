{#-
    What every rule model gives: one row a finding, with its wording from the seed rule_messages. A message's
    {name} is replaced by the column of that name; {value} always.
-#}

{#- A text of the messages with every placeholder filled in from a relation; a null one is left empty. -#}
{% macro filled_in(text, placeholders, relation='failing') -%}
    {%- for name in placeholders %}replace({% endfor -%}
    {{ text }}
    {%- for name in placeholders %}, '{{ "{" ~ name ~ "}" }}', coalesce(cast({{ relation }}.{{ name }} as varchar), ''))
    {%- endfor -%}
{%- endmacro %}

{#- The columns of a finding, from the relation `failing` joined with its `messages`. -#}
{% macro finding_columns(rule_id, placeholders=[]) -%}
    '{{ rule_id }}' as rule_id,
    cast(failing.case_id as varchar) as case_id,
    cast(failing.submission_id as varchar) as submission_id,
    cast(failing.submission_type as varchar) as submission_type,
    cast(failing.zone_id as varchar) as zone_id,
    cast(failing.report_year as integer) as report_year,
    cast(failing.sheet as varchar) as sheet,
    cast(failing.row_number as bigint) as row_number,
    cast(failing.row_identity as varchar) as row_identity,
    cast(failing.field as varchar) as field,
    cast(failing.value as varchar) as value,
    {%- for name in ['expected', 'message_zh', 'message_en'] %}
    {{ filled_in('messages.' ~ name, placeholders + ['value']) }} as {{ name }}{{ "," if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{#-
    The findings of a rule, from a relation of its failing rows: case_id (which message), submission_id,
    submission_type, zone_id, report_year, sheet, row_number, row_identity, field, value and a column a
    placeholder. A case without a message is a defect: quality_failures refuses it.
-#}
{% macro select_findings(rule_id, relation, placeholders=[]) -%}
    select
        {{ finding_columns(rule_id, placeholders) }}
    from {{ relation }} as failing
    left join {{ ref('rule_messages') }} as messages
        on messages.rule_id = '{{ rule_id }}' and failing.case_id = messages.case_id
{%- endmacro %}

{#- The identity of a row: its parts joined by U+001E, nulls empty. -#}
{% macro row_identity(parts) -%}
    concat_ws(
        chr(30)
        {%- for part in parts %},
        coalesce(cast({{ part }} as varchar), '')
        {%- endfor %}
    )
{%- endmacro %}

{#- A decimal as a person writes it: no trailing zeros. -#}
{% macro written_plainly(number) -%}
    rtrim(rtrim(cast(cast({{ number }} as decimal(38, 18)) as varchar), '0'), '.')
{%- endmacro %}
