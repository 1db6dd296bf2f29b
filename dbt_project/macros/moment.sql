{#- The moment of evaluation. No model reads the clock: one inbox at one moment gives the same marts. -#}

{#- The moment as a timestamp of the Shanghai wall clock. -#}
{% macro as_of_moment() -%}
    {%- set moment = var('as_of') -%}
    {%- if execute and not moment -%}
        {{ exceptions.raise_compiler_error(
            "缺少截至时点变量 as_of / the variable as_of (moment of evaluation) is missing: "
            ~ "--vars '{as_of: \"2026-06-30T00:00:00\"}'"
        ) }}
    {%- endif -%}
    cast('{{ moment or "1900-01-01T00:00:00" }}' as timestamp)
{%- endmacro %}

{#- The as-of day: the moment's date in Shanghai. -#}
{% macro as_of_day() -%}
    cast({{ as_of_moment() }} as date)
{%- endmacro %}

{#- 31 December of a year. -#}
{% macro year_end(year) -%}
    make_date({{ year }}, 12, 31)
{%- endmacro %}

{#- The same day some months earlier; a day that the month lacks falls back to its last. -#}
{% macro months_before(day, months) -%}
    {{ return(adapter.dispatch('months_before')(day, months)) }}
{%- endmacro %}

{% macro default__months_before(day, months) -%}
    cast({{ day }} - to_months({{ months }}) as date)
{%- endmacro %}

{% macro spark__months_before(day, months) -%}
    add_months({{ day }}, -({{ months }}))
{%- endmacro %}

{#- The same day some months later; a day that the month lacks falls back to its last. -#}
{% macro months_after(day, months) -%}
    {{ return(adapter.dispatch('months_after')(day, months)) }}
{%- endmacro %}

{% macro default__months_after(day, months) -%}
    cast({{ day }} + to_months({{ months }}) as date)
{%- endmacro %}

{% macro spark__months_after(day, months) -%}
    add_months({{ day }}, {{ months }})
{%- endmacro %}

{#- The same day some years later; 29 February falls back to the 28th. -#}
{% macro years_after(day, years) -%}
    {{ return(adapter.dispatch('years_after')(day, years)) }}
{%- endmacro %}

{% macro default__years_after(day, years) -%}
    cast({{ day }} + to_years({{ years }}) as date)
{%- endmacro %}

{% macro spark__years_after(day, years) -%}
    add_months({{ day }}, 12 * ({{ years }}))
{%- endmacro %}

{#- The day after. -#}
{% macro next_day(day) -%}
    cast({{ day }} + interval '1' day as date)
{%- endmacro %}

{#- The day before. -#}
{% macro previous_day(day) -%}
    cast({{ day }} - interval '1' day as date)
{%- endmacro %}

{#-
    The last day of a term: the day before its fifth (designation_term_years) anniversary, or the last day that
    can be written.
-#}
{% macro term_end(term_from) -%}
    {%- set anniversary = years_after(term_from, parameter('designation_term_years', 'integer')) -%}
    least({{ previous_day(anniversary) }}, {{ year_end(last_written_year()) }})
{%- endmacro %}

{#- The last year that a date is written with: four digits. -#}
{% macro last_written_year() -%}
    9999
{%- endmacro %}

{#- Days from one day to a later one; negative when it is earlier. -#}
{% macro days_between(first_day, last_day) -%}
    {{ dbt.datediff(first_day, last_day, 'day') }}
{%- endmacro %}

{#- The day of a year that a text names as 03-31; one that the month lacks falls back to its last day. -#}
{% macro day_of_year(year, month_and_day) -%}
    {%- set month = "cast(substring(" ~ month_and_day ~ ", 1, 2) as integer)" -%}
    {%- set day = "cast(substring(" ~ month_and_day ~ ", 4, 2) as integer)" -%}
    {%- set last_of_month = "extract(day from last_day(make_date(" ~ year ~ ", " ~ month ~ ", 1)))" -%}
    make_date({{ year }}, {{ month }}, least({{ day }}, {{ last_of_month }}))
{%- endmacro %}

{#- The moment some seconds after another; parts of a second are dropped. -#}
{% macro seconds_after(moment, seconds) -%}
    {{ dbt.dateadd('second', 'cast(' ~ seconds ~ ' as bigint)', moment) }}
{%- endmacro %}
