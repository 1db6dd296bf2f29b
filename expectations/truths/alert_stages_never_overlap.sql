with stages as (select * from {batch}),

numbered as (
    select *, lead(raises_on) over (partition by kind, subject order by raises_on, lapses_on) as next_raises_on
    from stages
)

select alert_key, raises_on, lapses_on, next_raises_on
from numbered
where lapses_on < raises_on or next_raises_on < coalesce(lapses_on, date '9999-12-31')
