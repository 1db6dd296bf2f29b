{#- Which rows of a roster count: one place for what sums them and for what tells which they were. -#}

{#- Whether a row is of a foreign-funded or joint-venture enterprise (annex 2). -#}
{% macro is_foreign_funded() -%}
    list_contains({{ members_of('FOREIGN_FUNDED') }}, ownership)
    or (ownership = 'hmt' and {{ parameter('hmt_counts_as_foreign') }} = 'yes')
{%- endmacro %}

{#- Whether a row's tiers that count make it one of a tier indicator's enterprises (annex 4). -#}
{% macro is_of_tier(indicator_code) -%}
    list_has_any(string_split(tiers, ','), {{ members_of(indicator_code) }})
{%- endmacro %}

{#- The first row numbers that fulfil a condition, as text: enough to find the rows, bounded for large rosters. -#}
{% macro first_rows(condition='true') -%}
    array_to_string(min(case when {{ condition }} then row_number end, 100), ', ')
{%- endmacro %}
