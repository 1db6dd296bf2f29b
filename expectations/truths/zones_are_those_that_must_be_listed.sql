with listed as (select zone_id from {batch}),

expected as (
    select zone_id from night.designations where is_in_force
    union
    select zone_id from night.applications where is_in_force
    union
    select zone_id from marts.submissions where status = 'accepted'
)

select
    coalesce(listed.zone_id, expected.zone_id) as zone_id,
    listed.zone_id is not null as is_listed,
    expected.zone_id is not null as must_be_listed
from listed
full join expected using (zone_id)
where listed.zone_id is null or expected.zone_id is null
