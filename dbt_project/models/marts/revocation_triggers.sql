-- The six clauses of Article 11 for every zone designated on the as-of day: whether one is a ground, at risk
-- or clear, and the rows that this rests on. Flags for people who decide, never decisions.
with evidence as (
    select distinct
        zone_id,
        clause,
        state,
        evidence
    from {{ ref('int_revocation_evidence_listed') }}
),

judged as (
    select
        zones.zone_id,
        grounds.clause,
        case
            when count(case when evidence.state = 'grounds' then 1 end) > 0 then 'grounds'
            when count(evidence.state) > 0 then 'at_risk'
            else 'clear'
        end as state
    from {{ ref('zones') }} as zones
    cross join {{ ref('revocation_grounds') }} as grounds
    left join evidence on zones.zone_id = evidence.zone_id and grounds.clause = evidence.clause
    where zones.is_designated
    group by zones.zone_id, grounds.clause
)

select
    judged.zone_id,
    judged.clause,
    judged.state,
    string_agg(evidence.evidence, '; ' order by evidence.evidence) as evidence
from judged
left join evidence
    on
        judged.zone_id = evidence.zone_id
        and judged.clause = evidence.clause
        and judged.state = evidence.state
group by judged.zone_id, judged.clause, judged.state
