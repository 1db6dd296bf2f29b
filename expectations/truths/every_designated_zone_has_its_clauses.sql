with triggers as (select * from {batch}),

expected as (
    select zones.zone_id, cast(grounds.clause as integer) as clause
    from marts.zones as zones
    cross join seeds.revocation_grounds as grounds
    where zones.is_designated
)

select
    coalesce(triggers.zone_id, expected.zone_id) as zone_id,
    coalesce(triggers.clause, expected.clause) as clause,
    count(triggers.zone_id) as times_listed
from triggers
full join expected using (zone_id, clause)
group by all
having count(triggers.zone_id) <> 1 or count(expected.zone_id) <> 1
