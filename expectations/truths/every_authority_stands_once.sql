with listed as (select authority_code, count(*) as times from {batch} group by all)

select
    coalesce(listed.authority_code, authorities.authority_code) as authority_code,
    coalesce(listed.times, 0) as times
from listed
full join seeds.provincial_authorities as authorities using (authority_code)
where authorities.authority_code is null or listed.times is distinct from 1
