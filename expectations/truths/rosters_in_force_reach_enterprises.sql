with published as (
    select zone_id, year, submission_id, count(*) as enterprises, sum(revenue_wan) as revenue_wan
    from {batch}
    group by all
),

counting as (
    select submissions.zone_id, rosters.*
    from marts.submissions as submissions
    inner join lake.roster_years as rosters using (submission_id)
    where submissions.in_force
    qualify row_number() over (
        partition by submissions.zone_id, rosters.year
        order by submissions.received_at desc, submissions.submission_id desc
    ) = 1
)

select
    coalesce(published.zone_id, counting.zone_id) as zone_id,
    coalesce(published.year, counting.year) as year,
    coalesce(published.submission_id, counting.submission_id) as submission_id,
    published.enterprises as enterprises_published,
    counting.enterprises as enterprises_in_the_lake,
    published.revenue_wan as revenue_published,
    counting.revenue_wan as revenue_in_the_lake
from published
full join counting using (zone_id, year, submission_id)
where published.enterprises is distinct from counting.enterprises
    or published.revenue_wan is distinct from counting.revenue_wan
