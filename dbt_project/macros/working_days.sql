{#-
    Working days (Art. 10, 11). The day of the event is day 0. int_calendar_days does all counting: its
    running counts are subtracted and looked up, nothing steps from day to day. A day or a count that leaves
    the calendar is null.
-#}

{#- The number-th working day after a day. -#}
{% macro working_day_after(day, number) -%}
    (
        select min(reached.day_on)
        from {{ ref('int_calendar_days') }} as started
        inner join {{ ref('int_calendar_days') }} as reached
            on
                reached.working_days_through = started.working_days_through + {{ number }}
                and reached.day_on >= started.day_on
        where started.day_on = {{ day }}
    )
{%- endmacro %}

{#- Working days after the earlier and up to the later of two days; negative when the second is earlier. -#}
{% macro working_days_between(first_day, last_day) -%}
    ({{ counted_through('working_days_through', last_day) }} - {{ counted_through('working_days_through', first_day) }})
{%- endmacro %}

{#- official, or provisional: a day after the first and up to the last lies in a year not published yet. -#}
{% macro calendar_basis(first_day, last_day) -%}
    case
        when
            {{ counted_through('provisional_days_through', last_day) }}
            = {{ counted_through('provisional_days_through', first_day) }}
            then 'official'
        else 'provisional'
    end
{%- endmacro %}

{#- A running count of int_calendar_days on a day. -#}
{% macro counted_through(running_count, day) -%}
    (
        select max(calendar_days.{{ running_count }})
        from {{ ref('int_calendar_days') }} as calendar_days
        where calendar_days.day_on = {{ day }}
    )
{%- endmacro %}

{#- Every day from one to another, as rows: both are columns of the relation selected from. -#}
{% macro days_from_to(first_day, last_day) -%}
    {{ return(adapter.dispatch('days_from_to')(first_day, last_day)) }}
{%- endmacro %}

{% macro default__days_from_to(first_day, last_day) -%}
    cast(unnest(generate_series(cast({{ first_day }} as timestamp), cast({{ last_day }} as timestamp), interval '1' day)) as date)
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

{#- The last year that a date is written with: four digits. -#}
{% macro last_written_year() -%}
    9999
{%- endmacro %}
