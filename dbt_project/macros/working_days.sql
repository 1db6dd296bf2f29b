{#-
    Working days (Art. 10, 11). The day of the event is day 0. int_days_counted does all counting: a model
    joins it once for the day counted from and once for the day reached, and subtracts running counts.
-#}

{#- Whether `reached` is the number-th working day after `started`, both rows of int_days_counted. -#}
{% macro is_working_day_after(reached, started, number) -%}
    {{ reached }}.working_day_number = {{ started }}.working_days_through + {{ number }}
{%- endmacro %}

{#- The day reached, null beyond the calendar: after 0 working days the day itself, be it one or not. -#}
{% macro day_reached(started, reached) -%}
    case when {{ reached }}.day_on < {{ started }}.day_on then {{ started }}.day_on else {{ reached }}.day_on end
{%- endmacro %}

{#- Working days after the earlier and up to the later of two rows; negative when the second is earlier. -#}
{% macro working_days_between(first, last) -%}
    {{ last }}.working_days_through - {{ first }}.working_days_through
{%- endmacro %}

{#- official, or provisional: a day after the first and up to the last lies in a year not published yet. -#}
{% macro calendar_basis(first, last) -%}
    case
        when {{ last }}.provisional_days_through <= {{ first }}.provisional_days_through then 'official'
        else 'provisional'
    end
{%- endmacro %}

{#- Every day from one to another, as rows: both are columns of the relation selected from. -#}
{% macro days_from_to(first_day, last_day) -%}
    {{ return(adapter.dispatch('days_from_to')(first_day, last_day)) }}
{%- endmacro %}

{% macro default__days_from_to(first_day, last_day) -%}
    cast(unnest(generate_series(
        cast({{ first_day }} as timestamp), cast({{ last_day }} as timestamp), interval '1' day
    )) as date)
{%- endmacro %}

{% macro spark__days_from_to(first_day, last_day) -%}
    explode(sequence({{ first_day }}, {{ last_day }}, interval '1' day))
{%- endmacro %}

{#- Whether a day is one from Monday to Friday. -#}
{% macro is_weekday(day) -%}
    {{ return(adapter.dispatch('is_weekday')(day)) }}
{%- endmacro %}

{% macro default__is_weekday(day) -%}
    (extract(isodow from {{ day }}) <= 5)
{%- endmacro %}

{% macro spark__is_weekday(day) -%}
    (weekday({{ day }}) < 5)
{%- endmacro %}
