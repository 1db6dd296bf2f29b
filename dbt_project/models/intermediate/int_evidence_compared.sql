-- The keys that a changed clause of Article 11 rested on, in the last release or in this one.
with changes as (
    select *
    from {{ ref('int_changes_noticed') }}
    where subject_kind = 'revocation_trigger'
)

select distinct
    changes.change_key,
    changes.zone_id,
    changes.item as clause,
    unnest(string_split(concat_ws('; ', before.evidence, now.evidence), '; ')) as evidence
from changes
left join {{ ref('revocation_triggers') }} as now
    on changes.zone_id = now.zone_id and changes.item = cast(now.clause as varchar)
left join {{ ref('stg_last_release__revocation_triggers') }} as before
    on changes.zone_id = before.zone_id and changes.item = cast(before.clause as varchar)
where coalesce(now.evidence, before.evidence) is not null
