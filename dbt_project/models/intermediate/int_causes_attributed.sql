-- Why each change came about: the inputs that it may rest on and that differ. A last resort counts where
-- nothing else does; where nothing at all differs, or the last release did not keep what it rested on, the
-- cause is unknown, and says so.
{%- set patterns = [
    {'given': ['input_key'], 'open': []},
    {'given': ['scope', 'matter'], 'open': ['input_key']},
    {'given': ['scope'], 'open': ['input_key', 'matter']},
    {'given': ['matter'], 'open': ['input_key', 'scope']},
    {'given': [], 'open': ['input_key', 'scope', 'matter']},
] %}

-- One join a shape of pattern: so each is an equality, however many inputs changed.
with matched as (
    {% for pattern in patterns %}
        select
            grounds.change_key,
            inputs.input_kind as because_kind,
            inputs.source as because_source,
            inputs.what_became,
            inputs.because,
            inputs.because_from,
            inputs.because_to,
            inputs.because_place,
            grounds.is_last_resort
        from {{ ref('int_grounds_listed') }} as grounds
        inner join {{ ref('int_inputs_changed') }} as inputs
            on
                grounds.input_kind = inputs.input_kind
                and grounds.source = inputs.source
                {% for column in pattern.given %}
                    and grounds.{{ column }} = inputs.{{ column }}
                {% endfor %}
        where
            (not grounds.is_last_resort or {{ last_release_has('inputs_in_force') }})
            {% for column in pattern.open %}
                and grounds.{{ column }} is null
            {% endfor %}
        {{ "union" if not loop.last }}
    {% endfor %}
),

counted as (
    select *
    from matched
    qualify not is_last_resort or bool_and(is_last_resort) over (partition by change_key)
)

select
    changes.change_key,
    coalesce(counted.because_kind, 'unknown') as because_kind,
    counted.because_source,
    case
        when counted.because_kind is not null then counted.what_became
        when {{ last_release_has('inputs_in_force') }} then 'nothing_differs'
        else 'not_kept'
    end as what_became,
    counted.because,
    counted.because_from,
    counted.because_to,
    counted.because_place
from {{ ref('int_changes_noticed') }} as changes
left join counted on changes.change_key = counted.change_key
