{#- What alerts are made of: the columns that only some matters have, and their union. -#}

{#- The columns that only some kinds of matter have, with their types. -#}
{% macro matter_columns() -%}
    {{ return({
        'due_on': 'date',
        'cure_ends_on': 'date',
        'seen_on': 'date',
        'report_year': 'integer',
        'term_no': 'integer',
        'change_id': 'varchar',
        'changed_on': 'date',
        'clause': 'integer',
        'ground_zh': 'varchar',
        'first_evidence': 'varchar',
        'evidence_rows': 'integer',
        'file_name': 'varchar',
        'sender_code': 'varchar',
    }) }}
{%- endmacro %}

{#- The matters of several relations in one, from a map of relation to the columns of its own that it has. -#}
{% macro united(relations) -%}
    {%- for relation, own_columns in relations.items() %}
    {{ "union all" if not loop.first }}
    select
        kind,
        subject,
        situation,
        speaks_while,
        zone_id
        {%- for name, data_type in matter_columns().items() %},
        cast({{ name if name in own_columns else "null" }} as {{ data_type }}) as {{ name }}
        {%- endfor %}
    from {{ relation }}
    {%- endfor %}
{%- endmacro %}
