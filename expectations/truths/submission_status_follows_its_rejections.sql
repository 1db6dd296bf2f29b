with published as (select * from {batch}),

judged as (
    select
        covers.submission_id,
        covers.is_rejected or late.submission_id is not null as is_rejected
    from lake.covers as covers
    left join (select distinct submission_id from night.findings where rule_id = 'S06') as late
        using (submission_id)
)

select published.submission_id, published.status, judged.is_rejected
from published
left join judged using (submission_id)
where judged.is_rejected is null
    or judged.is_rejected <> (published.status = 'rejected')
