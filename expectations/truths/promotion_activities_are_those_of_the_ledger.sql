with listed as (select activity_id from {batch}),

recorded as (select activity_id from night.promotion where is_in_force)

select
    coalesce(listed.activity_id, recorded.activity_id) as activity_id,
    listed.activity_id is not null as is_listed,
    recorded.activity_id is not null as is_in_the_ledger
from listed
full join recorded using (activity_id)
where listed.activity_id is null or recorded.activity_id is null
