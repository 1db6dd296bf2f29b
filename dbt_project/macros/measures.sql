{#- A decimal that every measure fits: cells have at most 12 digits before the point (reading_limits). -#}
{% macro measure_type() -%}
    decimal(38, 18)
{%- endmacro %}

{#- The number of rows that fulfil a condition. -#}
{% macro rows_where(condition) -%}
    cast(count(case when {{ condition }} then 1 end) as {{ measure_type() }})
{%- endmacro %}

{#- The sum of a required field over the rows that fulfil a condition; 0 over no rows. -#}
{% macro sum_where(field, condition='true') -%}
    cast(coalesce(sum(case when {{ condition }} then {{ field }} end), 0) as {{ measure_type() }})
{%- endmacro %}

{#-
    The sum of an optional field over the rows that fulfil a condition: blanks are ignored; null when fewer
    than `min_filled_share` of those rows fill it; 0 over no rows.
-#}
{% macro filled_sum(field, condition='true') -%}
    case
        when
            count(case when {{ condition }} then {{ field }} end)
            >= {{ parameter('min_filled_share', 'decimal(18, 9)') }}
            * cast(count(case when {{ condition }} then 1 end) as decimal(18, 0))
            then {{ sum_where(field, condition) }}
    end
{%- endmacro %}

{#- The listed values that an indicator counts (seed indicator_members), as a list. -#}
{% macro members_of(indicator_code) -%}
    (
        select list(members.member)
        from {{ ref('indicator_members') }} as members
        where members.indicator_code = '{{ indicator_code }}'
    )
{%- endmacro %}

{#- The number of enterprises of a tier indicator; null when no honours row is in force at all. -#}
{% macro enterprises_of_tier(indicator_code) -%}
    case
        when (select count(*) from {{ ref('stg_ledgers__honours') }}) > 0
            then {{ rows_where(is_of_tier(indicator_code)) }}
    end
{%- endmacro %}

{#- What is stored of an indicator: itself where nothing divides, else its ratio, half up to 9 places. -#}
{% macro stored_value(numerator) -%}
    cast(case
        when denominator = 1 and numerator_factor = 1 and denominator_factor = 1 then {{ numerator }}
        else cast(
            {{ ratio_rounded(numerator, 'numerator_factor', 'denominator', 'denominator_factor', 9) }}
            as {{ measure_type() }}
        )
    end as {{ measure_type() }})
{%- endmacro %}

{#- The sign of an evaluated indicator (columns of int_indicators_evaluated) against a threshold, exactly. -#}
{% macro indicator_compared(numerator, threshold) -%}
    {{ ratio_compared(
        numerator, 'indicators.numerator_factor',
        'indicators.denominator', 'indicators.denominator_factor',
        threshold
    ) }}
{%- endmacro %}

{#- Points, to 2 decimals. -#}
{% macro score_type() -%}
    decimal(9, 2)
{%- endmacro %}

{#- (points × part) / whole, rounded half up to 2 places: outcomes compare sums of such scores. -#}
{% macro score_rounded(points, part, whole) -%}
    cast({{ ratio_rounded(points, part, whole, '1', 2) }} as {{ score_type() }})
{%- endmacro %}
