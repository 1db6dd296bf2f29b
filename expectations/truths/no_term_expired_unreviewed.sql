select
    terms.zone_id,
    zones.zone_name,
    zones.authority_code,
    zones.authority_name,
    terms.term_no,
    terms.term_to,
    terms.days_to_expiry
from (select * from {batch}) as terms
left join marts.zones as zones using (zone_id)
where terms.status = 'expired_pending_review'
order by all
