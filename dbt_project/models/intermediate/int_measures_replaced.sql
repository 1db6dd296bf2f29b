-- Indicators that a parameter in force has measured by another one.
{{ config(materialized='view') }}

select
    measures.indicator_code,
    measures.measured_by
from {{ ref('parameter_measures') }} as measures
inner join {{ ref('int_parameters_resolved') }} as parameters
    on measures.parameter = parameters.parameter and measures.value = parameters.value
