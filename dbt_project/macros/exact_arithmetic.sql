{#-
    Exact arithmetic on ratios (contract: "Exactness"). Lake decimals are DECIMAL(38, 18): a product of two
    needs more than 128 bits. So a decimal becomes its unscaled integer in limbs of base 1e9 (lowest first),
    products are convolutions of limbs without carries, and a comparison is the sign of a difference.
    No legal result passes through a division; only where a stored value is rounded does one give a first
    guess, which exact comparisons then settle.
-#}

{#- An integer of up to 38 digits as limbs. -#}
{% macro limbs_of_integer(whole) -%}
    [
        {{ whole }} % 1000000000,
        {{ whole }} // 1000000000 % 1000000000,
        {{ whole }} // 1000000000000000000 % 1000000000,
        {{ whole }} // 1000000000000000000000000000
    ]
{%- endmacro %}

{#- The unscaled integer of a DECIMAL(38, 18): its text always shows all 18 decimals. -#}
{% macro unscaled(number) -%}
    cast(replace(cast(cast({{ number }} as decimal(38, 18)) as varchar), '.', '') as hugeint)
{%- endmacro %}

{#- The limbs of a DECIMAL(38, 18)'s unscaled integer. -#}
{% macro limbs_of_decimal(number) -%}
    list_transform([{{ unscaled(number) }}], lambda whole: {{ limbs_of_integer('whole') }})[1]
{%- endmacro %}

{#- The product of two lists of limbs. -#}
{% macro limbs_product(left, right) -%}
    list_transform(
        [{'left': {{ left }}, 'right': {{ right }}}],
        lambda pair: list_transform(
            range(1, len(pair.left) + len(pair.right)),
            lambda place: list_sum(list_transform(
                range(greatest(1, place + 1 - len(pair.right)), least(place, len(pair.left)) + 1),
                lambda position: pair.left[position] * pair.right[place + 1 - position]
            ))
        )
    )[1]
{%- endmacro %}

{#-
    The sign (-1, 0, 1) of left - right, both lists of limbs. The fold runs from the highest limb; once the
    running total is beyond what lower limbs (each below 1e36) can turn, it is held there.
-#}
{% macro limbs_compared(left, right) -%}
    list_transform(
        [{'left': {{ left }}, 'right': {{ right }}}],
        lambda pair: sign(list_reduce(
            list_transform(
                range(greatest(len(pair.left), len(pair.right)), 0, -1),
                lambda place: coalesce(pair.left[place], 0) - coalesce(pair.right[place], 0)
            ),
            lambda total, limb: greatest(
                least(total * 1000000000 + limb, 10000000000000000000000000000),
                -10000000000000000000000000000
            )
        ))
    )[1]
{%- endmacro %}

{#-
    The sign of (numerator × numerator_factor) / (denominator × denominator_factor) - threshold, exactly;
    null when any part is. Denominators are positive. The scales of numerator and denominator cancel; the
    threshold's 18 decimals are made up for by two empty limbs. Where nothing divides, plain decimals compare.
-#}
{% macro ratio_compared(numerator, numerator_factor, denominator, denominator_factor, threshold) -%}
    {{ return(adapter.dispatch('ratio_compared')(
        numerator, numerator_factor, denominator, denominator_factor, threshold
    )) }}
{%- endmacro %}

{% macro default__ratio_compared(numerator, numerator_factor, denominator, denominator_factor, threshold) -%}
    case
        when
            {{ numerator }} is null or {{ numerator_factor }} is null or {{ denominator }} is null
            or {{ denominator_factor }} is null or {{ threshold }} is null
            then null
        when {{ numerator_factor }} = 1 and {{ denominator }} = 1 and {{ denominator_factor }} = 1
            then case
                when {{ numerator }} > {{ threshold }} then 1
                when {{ numerator }} < {{ threshold }} then -1
                else 0
            end
        else {{ limbs_compared(
            "list_concat([cast(0 as hugeint), cast(0 as hugeint)], "
            ~ limbs_product(limbs_of_decimal(numerator), limbs_of_decimal(numerator_factor)) ~ ")",
            limbs_product(
                limbs_product(limbs_of_decimal(threshold), limbs_of_decimal(denominator)),
                limbs_of_decimal(denominator_factor)
            )
        ) }}
    end
{%- endmacro %}

{#- Whether a sign of (observed - threshold) fulfils an operator; null when the sign is. -#}
{% macro operator_fulfilled(operator, sign) -%}
    case {{ operator }}
        when '>=' then {{ sign }} >= 0
        when '>' then {{ sign }} > 0
        when '=' then {{ sign }} = 0
        when '<=' then {{ sign }} <= 0
        when '<' then {{ sign }} < 0
    end
{%- endmacro %}

{#-
    (numerator × numerator_factor) / (denominator × denominator_factor) rounded half up to `places` decimals
    (at most 9), as DECIMAL(38, 9); null when any part is null, a denominator is zero, or the result is 1e18
    or more. Parts are not negative. The rounded quotient is floor((2 × numerator × 10^places + denominator) /
    (2 × denominator)): integers of 128 bits where they hold it, limbs elsewhere.
-#}
{% macro ratio_rounded(numerator, numerator_factor, denominator, denominator_factor, places) -%}
    {{ return(adapter.dispatch('ratio_rounded')(
        numerator, numerator_factor, denominator, denominator_factor, places
    )) }}
{%- endmacro %}

{% macro default__ratio_rounded(numerator, numerator_factor, denominator, denominator_factor, places) -%}
    {%- set guess = guessed_quotient(numerator, numerator_factor, denominator, denominator_factor, places) -%}
    case
        when
            {{ numerator_factor }} = 1 and {{ denominator_factor }} = 1
            and {{ numerator }} < 10000000000 and {{ denominator }} < 10000000000
            then {{ decimal_of_quotient(
                "(" ~ unscaled(numerator) ~ " * " ~ 2 * 10 ** places ~ " + " ~ unscaled(denominator) ~ ")"
                ~ " // nullif(2 * " ~ unscaled(denominator) ~ ", 0)",
                places
            ) }}
        when {{ guess }} < {{ 10 ** (18 + places) }}
            then {{ decimal_of_quotient(
                limbs_divided(
                    limbs_product(limbs_of_decimal(numerator), limbs_of_decimal(numerator_factor)),
                    limbs_product(limbs_of_decimal(denominator), limbs_of_decimal(denominator_factor)),
                    guess,
                    places
                ),
                places
            ) }}
    end
{%- endmacro %}

{#- A floating guess of the quotient in units of the last place: only where the exact search begins. -#}
{% macro guessed_quotient(numerator, numerator_factor, denominator, denominator_factor, places) -%}
    cast({{ numerator }} as double) * cast({{ numerator_factor }} as double)
    / nullif(cast({{ denominator }} as double) * cast({{ denominator_factor }} as double), 0)
    * {{ 10 ** places }}
{%- endmacro %}

{#-
    The quotient of two lists of limbs, rounded half up, in units of the last place: the largest q with
    (2q - 1) × denominator <= 2 × numerator × 10^places. Exact comparisons bisect from below the guess.
-#}
{% macro limbs_divided(numerator, denominator, guess, places) -%}
    {%- set doubled = "list_transform([2 * (found + step) - 1], lambda tried: "
        ~ limbs_of_integer('tried') ~ ")[1]" -%}
    {%- set product = limbs_product('ratio.denominator', doubled) -%}
    list_transform(
        [{
            'guess': {{ guess }},
            'numerator': list_transform({{ numerator }}, lambda limb: limb * {{ 2 * 10 ** places }}),
            'denominator': {{ denominator }}
        }],
        lambda ratio: list_reduce(
            list_transform(
                range(cast(ceil(log2(ratio.guess * 4e-14 + 6)) as bigint), -1, -1),
                lambda power: cast(pow(2, power) as hugeint)
            ),
            lambda found, step: case
                when {{ limbs_compared('ratio.numerator', product) }} >= 0 then found + step
                else found
            end,
            cast(greatest(floor(ratio.guess * (1 - 1e-14)) - 2, 0) as hugeint)
        )
    )[1]
{%- endmacro %}

{#- A whole number of units of the last of `places` decimals, as a decimal. -#}
{% macro decimal_of_quotient(quotient, places) -%}
    {%- set unit = '0.' ~ '0' * (places - 1) ~ '1' -%}
    list_transform(
        [{{ quotient }}],
        lambda units: cast(units // {{ 10 ** places }} as decimal(38, 9))
        + cast(units % {{ 10 ** places }} as decimal(18, 0))
        * cast({{ unit }} as decimal({{ places }}, {{ places }}))
    )[1]
{%- endmacro %}

{#- Whether a difference is more than a share of a size, exactly; of nothing, any difference is. -#}
{% macro relative_difference_exceeds(difference, size, share) -%}
    case
        when {{ size }} = 0 then {{ difference }} > 0
        else {{ ratio_compared(difference, '1', size, '1', share) }} > 0
    end
{%- endmacro %}
