{#-
    Three-valued logic: every criterion is met, not_met or unknown.
    Missing is never zero and never not_met: what cannot be computed is unknown.
-#}

{#- A condition as a result: null is unknown. -#}
{% macro result_of(condition) -%}
    case when {{ condition }} then 'met' when not ({{ condition }}) then 'not_met' else 'unknown' end
{%- endmacro %}

{#- OR over the rows of a group: any met is met, else any unknown is unknown, else not_met. -#}
{% macro any_met(result) -%}
    case
        when count(case when {{ result }} = 'met' then 1 end) > 0 then 'met'
        when count(case when {{ result }} = 'unknown' then 1 end) > 0 then 'unknown'
        else 'not_met'
    end
{%- endmacro %}

{#- AND over the rows of a group that `among` picks: any not_met is not_met, else any unknown is unknown. -#}
{% macro all_met(result, among='true') -%}
    case
        when count(case when {{ among }} and {{ result }} = 'not_met' then 1 end) > 0 then 'not_met'
        when count(case when {{ among }} and {{ result }} = 'unknown' then 1 end) > 0 then 'unknown'
        else 'met'
    end
{%- endmacro %}

{#- One result from the two ends of a range: met when both are, not_met when neither is, else unknown. -#}
{% macro agreed(low, high) -%}
    case when {{ low }} = {{ high }} then {{ low }} else 'unknown' end
{%- endmacro %}
