{#- The status of an application or a re-review: by gates, the panel's outcome, general requirements. -#}
{% macro admission_status(general_result) -%}
    case
        when gates.gates_result = 'not_met' or scorecards.outcome = 'fail' then 'ineligible'
        when gates.gates_result = 'unknown' or scorecards.outcome = 'undetermined' then 'undetermined'
        when {{ general_result }} <> 'met' then 'needs_justification'
        else 'eligible'
    end
{%- endmacro %}

{#- The status of an annual report (monitoring), from its gates and its reference score. -#}
{% macro monitoring_status(reference, openness) -%}
    case
        when
            gates.gates_result = 'not_met'
            or scorecards.{{ reference }}_high < scorecards.total_minimum
            or scorecards.{{ openness }}_high < scorecards.openness_minimum
            then 'watch'
        when
            gates.gates_result = 'unknown'
            or scorecards.{{ reference }}_low < scorecards.total_minimum
            or scorecards.{{ openness }}_low < scorecards.openness_minimum
            then 'undetermined'
        else 'on_track'
    end
{%- endmacro %}
