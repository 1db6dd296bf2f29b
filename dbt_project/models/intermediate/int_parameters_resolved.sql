-- Every parameter of the standard with the value in force. A value is its default, one of its alternatives,
-- or, where the Measures name no alternatives and the default is a number, another number of that kind.
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

judged as (
    select
        *,
        case
            when known_parameter is null
                then '没有参数 / there is no parameter ' || parameter
            when not (
                value = default_value
                or list_contains(string_split(coalesce(alternatives, ''), '; '), value)
                or (alternatives is null and {{ is_number_of_the_same_kind('value', 'default_value') }})
            )
                then '参数 / parameter ' || parameter || ': ' || value || ' 不可用 / is not allowed; 可用 / allowed: '
                    || concat_ws('; ', default_value, alternatives)
            when value <> default_value and parameter in ({{ unsupported_parameters() }})
                then '参数 / parameter ' || parameter || ': ' || value || ' 尚未支持 / is not supported'
        end as objection
    from resolved
)

select
    parameter,
    case when objection is null then value else {{ fail_with('objection') }} end as value,
    article
from judged
