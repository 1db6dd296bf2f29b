with published as (select * from {batch})

select
    coalesce(published.submission_id, visible.submission_id) as submission_id,
    published.file_name as file_name_published,
    visible.file_name as file_name_visible,
    published.received_at as received_at_published,
    visible.received_at as received_at_visible
from published
full join night.submissions as visible using (submission_id)
where published.submission_id is null
    or visible.submission_id is null
    or published.file_name is distinct from visible.file_name
    or published.received_at is distinct from visible.received_at
    or published.received_basis is distinct from visible.received_basis
    or published.zone_sent_at is distinct from visible.zone_sent_at
