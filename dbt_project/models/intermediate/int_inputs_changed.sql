-- What differs between what the last release rested on and what this one rests on: each input that is new,
-- gone or says something else, with what it said and says. A row that is now about something else stands for
-- both. `source` says which kind of input it is, `because` is its key as a person looks it up.
with inputs as (
    select
        coalesce(now.input_kind, before.input_kind) as input_kind,
        coalesce(now.source, before.source) as source,
        coalesce(now.input_key, before.input_key) as input_key,
        now.scope,
        now.matter,
        before.scope as last_scope,
        before.matter as last_matter,
        before.input_key is not null as was_there,
        now.input_key is not null as is_there,
        before.says as because_from,
        now.says as because_to,
        coalesce(now.place, before.place) as because_place
    from {{ ref('inputs_in_force') }} as now
    full outer join {{ ref('stg_last_release__inputs_in_force') }} as before
        on
            now.input_kind = before.input_kind
            and now.source = before.source
            and now.input_key = before.input_key
    where now.fingerprint is distinct from before.fingerprint and {{ last_release_has('inputs_in_force') }}
),

scoped as (
    select
        * exclude (last_scope, last_matter),
        input_key as because
    from inputs
    where is_there
    union
    select
        * exclude (last_scope, last_matter) replace (last_scope as scope, last_matter as matter),
        input_key as because
    from inputs
    where was_there
),

in_force_now as (
    select
        *,
        concat_ws('|', submission_type, report_year) as matter,
        concat_ws('|', zone_id, submission_type, report_year) as submission_key
    from {{ ref('submissions') }}
    where in_force
),

in_force_before as (
    select
        *,
        concat_ws('|', submission_type, report_year) as matter,
        concat_ws('|', zone_id, submission_type, report_year) as submission_key
    from {{ ref('stg_last_release__submissions') }}
    where in_force
),

in_force as (
    select
        'submission' as input_kind,
        'in_force' as source,
        coalesce(now.submission_key, before.submission_key) as input_key,
        coalesce(now.zone_id, before.zone_id) as scope,
        coalesce(now.matter, before.matter) as matter,
        before.submission_id is not null as was_there,
        now.submission_id is not null as is_there,
        before.submission_id as because_from,
        now.submission_id as because_to,
        coalesce(now.file_name, before.file_name) as because_place,
        coalesce(now.submission_id, before.submission_id) as because
    from in_force_now as now
    full outer join in_force_before as before on now.submission_key = before.submission_key
    where
        now.submission_id is distinct from before.submission_id
        and {{ last_release_has('submissions') }}
),

-- What is gone left the inbox. When the as-of moment was set back, what came in after it is no cause: the
-- moment is.
received as (
    select
        'submission' as input_kind,
        'received' as source,
        coalesce(now.submission_id, before.submission_id) as input_key,
        coalesce(now.zone_id, before.zone_id) as scope,
        concat_ws(
            '|', coalesce(now.submission_type, before.submission_type),
            coalesce(now.report_year, before.report_year)
        ) as matter,
        before.submission_id is not null as was_there,
        now.submission_id is not null as is_there,
        before.status as because_from,
        now.status as because_to,
        coalesce(now.file_name, before.file_name) as because_place,
        coalesce(now.submission_id, before.submission_id) as because
    from {{ ref('submissions') }} as now
    full outer join {{ ref('stg_last_release__submissions') }} as before
        on now.submission_id = before.submission_id
    where
        now.status is distinct from before.status
        and not coalesce(now.submission_id is null and before.received_at > {{ as_of_moment() }}, false)
        and {{ last_release_has('submissions') }}
),

zone_years_before as (
    select distinct
        zone_id,
        year,
        submission_id
    from {{ ref('stg_last_release__indicators') }}
),

-- Which submission speaks for a zone and year may change without the newest one of its type changing.
zone_years as (
    select
        'submission' as input_kind,
        'zone_year' as source,
        concat_ws('|', now.zone_id, now.year) as input_key,
        now.zone_id as scope,
        cast(now.year as varchar) as matter,
        true as was_there,
        true as is_there,
        before.submission_id as because_from,
        now.submission_id as because_to,
        submissions.file_name as because_place,
        now.submission_id as because
    from {{ ref('int_zone_years_chosen') }} as now
    inner join zone_years_before as before on now.zone_id = before.zone_id and now.year = before.year
    inner join {{ ref('submissions') }} as submissions on now.submission_id = submissions.submission_id
    where now.submission_id <> before.submission_id and {{ last_release_has('indicators') }}
),

parameters as (
    select
        'parameter' as input_kind,
        'parameters' as source,
        coalesce(now.parameter, before.parameter) as input_key,
        null as scope,
        null as matter,
        before.parameter is not null as was_there,
        now.parameter is not null as is_there,
        before.value as because_from,
        now.value as because_to,
        null as because_place,
        coalesce(now.parameter, before.parameter) as because
    from {{ ref('parameters_in_force') }} as now
    full outer join {{ ref('stg_last_release__parameters_in_force') }} as before
        on now.parameter = before.parameter
    where
        now.value is distinct from before.value
        and {{ last_release_has('parameters_in_force') }}
),

-- What can't be told apart further: everything else that makes rules, and the as-of day.
circumstances as (
    {% set circumstances = {
        'rules_version': ('rule', 'rules_version', of_this_release('rules_version')),
        'code_version': ('rule', 'code_version', of_this_release('code_version')),
        'as_of': ('moment', 'cast(as_of as date)', as_of_day()),
    } %}
    {% for name, (kind, before, now) in circumstances.items() %}
        select
            '{{ kind }}' as input_kind,
            '{{ name }}' as source,
            '{{ name }}' as input_key,
            null as scope,
            null as matter,
            true as was_there,
            true as is_there,
            cast({{ before }} as varchar) as because_from,
            cast({{ now }} as varchar) as because_to,
            null as because_place,
            '{{ name }}' as because
        from {{ ref('stg_last_release__compared') }}
        where cast({{ before }} as varchar) is distinct from cast({{ now }} as varchar)
        {{ "union all" if not loop.last }}
    {% endfor %}
)

{% for changed in [
    'scoped', 'in_force', 'received', 'zone_years', 'parameters', 'circumstances'
] %}
    select
        input_kind,
        source,
        input_key,
        scope,
        matter,
        case when not was_there then 'added' when not is_there then 'gone' else 'changed' end as what_became,
        because,
        because_from,
        because_to,
        because_place
    from {{ changed }}
    {{ "union all" if not loop.last }}
{% endfor %}
