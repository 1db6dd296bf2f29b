select failures.failure_id, failures.rule_id, failures.disposition
from (select * from {batch}) as failures
left join night.dispositions as dispositions
    on failures.failure_id = dispositions.failure_id
    and failures.disposition = dispositions.disposition
    and dispositions.is_in_force
where failures.disposition is null
    or (failures.disposition <> 'open' and dispositions.failure_id is null)
