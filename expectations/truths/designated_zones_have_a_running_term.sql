select zones.zone_id
from marts.zones as zones
left join (
    select distinct zone_id
    from {batch}
    where status in ('valid', 'expiring', 'expired_pending_review')
) as running using (zone_id)
where zones.is_designated and running.zone_id is null
