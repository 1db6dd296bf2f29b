with terms as (select distinct zone_id from {batch}),

designated as (select distinct zone_id from night.designations where is_in_force)

select
    coalesce(terms.zone_id, designated.zone_id) as zone_id,
    terms.zone_id is not null as has_a_term,
    designated.zone_id is not null as is_in_the_ledger
from terms
full join designated using (zone_id)
where terms.zone_id is null or designated.zone_id is null
