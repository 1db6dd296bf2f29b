with filings as (select * from {batch}),

recorded as (select * from night.changes where is_in_force)

select
    coalesce(filings.change_id, recorded.change_id) as change_id,
    filings.changed_on,
    recorded.changed_on as recorded_changed_on,
    filings.filed_on,
    recorded.filed_on as recorded_filed_on
from filings
full join recorded using (change_id)
where
    filings.change_id is null
    or recorded.change_id is null
    or filings.changed_on <> recorded.changed_on
    or filings.filed_on is distinct from recorded.filed_on
