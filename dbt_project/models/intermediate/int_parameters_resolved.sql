-- Every parameter of the standard with the value in force. A value is its default, one of its alternatives,
-- or, where the Measures name no alternatives, another number (or month and day) written as the default is.
with overrides as (
    {{ parameter_overrides() }}
),

resolved as (
    select
        defaults.parameter as known_parameter,
        defaults.default_value,
        defaults.alternatives,
        defaults.article,
        coalesce(defaults.parameter, overrides.parameter) as parameter,
        coalesce(overrides.value, defaults.default_value) as value
    from {{ ref('parameters') }} as defaults
    full outer join overrides on defaults.parameter = overrides.parameter
),

held_against_its_choices as (
    select
        *,
        value = default_value
        or list_contains(string_split(coalesce(alternatives, ''), '; '), value)
        or (alternatives is null and {{ is_written_alike('value', 'default_value') }})
            as is_a_choice,
        concat_ws('; ', default_value, alternatives) as choices
    from resolved
),

judged as (
    select
        *,
        case
            when known_parameter is null
                then '没有参数 / there is no parameter ' || parameter
            when not is_a_choice
                then concat(parameter, ' = ', value, ': 不可用，可用 / not allowed, allowed: ', choices)
            when value <> default_value and parameter in ({{ unsupported_parameters() }})
                then concat(parameter, ' = ', value, ': 尚未支持，仅 / not supported, only: ', default_value)
        end as objection
    from held_against_its_choices
)

select
    parameter,
    case when objection is null then value else {{ fail_with('objection') }} end as value,
    article
from judged
