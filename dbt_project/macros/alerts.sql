{#-
    The matters that alerts are about, of several relations in one: from a map of each relation to those columns
    of its own that it has. What a matter of another kind has, and this one has not, is null.
-#}
{% macro united(relations) -%}
    {%- set own_columns = {
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
        'source': 'varchar',
        'source_title_zh': 'varchar',
        'source_title_en': 'varchar',
        'failing_since': 'timestamp',
        'may_fail_for_hours': 'varchar',
        'fault_zh': 'varchar',
        'fault_en': 'varchar',
    } -%}
    {%- for relation, columns in relations.items() -%}
        {{ "union all\n" if not loop.first }}select
            kind,
            subject,
            situation,
            speaks_while,
            zone_id
            {%- for name, data_type in own_columns.items() %},
            cast({{ name if name in columns else "null" }} as {{ data_type }}) as {{ name }}
            {%- endfor %}
        from {{ relation }}
        {% endfor -%}
{%- endmacro %}
