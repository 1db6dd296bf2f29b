{#- What the marts that tell history share: the release in the making, and comparing it with the last one. -#}

{#- A fact of the release that is being made (variable `release`), as `data_type`. -#}
{% macro of_this_release(fact, data_type='varchar') -%}
    cast('{{ (var('release')[fact] | string) | replace("'", "''") }}' as {{ data_type }})
{%- endmacro %}

{#- The as-of day of the release that tonight is compared with; null on a first night. -#}
{% macro last_as_of_day() -%}
    (select cast(compared.as_of as date) from {{ ref('stg_last_release__compared') }} as compared)
{%- endmacro %}

{#- Whether the last release has a mart with all the columns that are compared. -#}
{% macro last_release_has(mart) -%}
    exists (
        select 1
        from {{ ref('stg_last_release__compared') }}
        inner join {{ ref('stg_last_release__tables') }} as read_of_it
            on read_of_it.mart = '{{ mart }}' and read_of_it.is_whole
    )
{%- endmacro %}

{#- Whether a day passed between the two as-of days: it had not gone by then, and has now. -#}
{% macro passed_since(day) -%}
    coalesce({{ day }} >= {{ last_as_of_day() }} and {{ day }} < {{ as_of_day() }}, false)
{%- endmacro %}

{#- What ledgers keep, by ledger: what a row is about, what of it, and what of its contents a release may tell. -#}
{% macro ledgers_kept() -%}
    {{ return({
        'applications': {'scope': 'zone_id', 'matter': 'report_year'},
        'changes': {'scope': 'zone_id', 'matter': 'change_id'},
        'credit_records': {'scope': 'zone_id', 'matter': 'kind'},
        'designations': {'scope': 'zone_id', 'matter': 'designated_on'},
        'dispositions': {'matter': 'failure_id'},
        'expert_scores': {'scope': 'zone_id', 'matter': "concat_ws('|', submission_type, report_year)"},
        'honours': {'scope': 'tier', 'matter': 'uscc', 'says': "concat(valid_from, '..', valid_to)"},
        'incidents': {'scope': 'zone_id', 'matter': 'domain'},
        'promotion': {'scope': 'zone_id', 'matter': 'activity_id'},
        'provincial_statistics': {'scope': 'region_code', 'matter': 'indicator'},
        're_reviews': {'scope': 'zone_id', 'matter': 'term_ends_on'},
        'receipts': {'matter': 'file_name'},
        'relaxations': {'scope': 'region', 'matter': 'criterion_id', 'says': written_plainly('threshold')},
        'revocations': {'scope': 'zone_id', 'matter': 'revoked_on'},
        'supervision': {'scope': 'zone_id', 'matter': 'kind'},
    }) }}
{%- endmacro %}

{#- Whether an honour holds on a day, by what is told of it: 2024-01-01..2026-12-31, open at the end, or null. -#}
{% macro holds_on(validity, day) -%}
    coalesce(
        cast(split_part({{ validity }}, '..', 1) as date) <= {{ day }}
        and coalesce(try_cast(split_part({{ validity }}, '..', 2) as date) >= {{ day }}, true),
        false
    )
{%- endmacro %}

{#- Whether two values differ, null being a value of its own. -#}
{% macro is_another(value, other_value) -%}
    not coalesce({{ value }} = {{ other_value }}, {{ value }} is null and {{ other_value }} is null)
{%- endmacro %}
