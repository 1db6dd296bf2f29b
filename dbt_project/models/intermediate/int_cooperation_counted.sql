-- Distinct names of 合作与平台 in force on 31 December of every year of the same submission's roster.
{{ config(materialized='view') }}

with in_force as (
    select
        measured.submission_id,
        measured.year,
        members.indicator_code,
        count(distinct cooperation.name) as names
    from {{ ref('int_rosters_measured') }} as measured
    inner join {{ ref('stg_lake__cooperation') }} as cooperation
        on
            measured.submission_id = cooperation.submission_id
            and cooperation.established_on <= {{ year_end('measured.year') }}
            and (cooperation.ended_on is null or cooperation.ended_on > {{ year_end('measured.year') }})
    inner join {{ ref('indicator_members') }} as members
        on
            members.counted = 'cooperation'
            and cooperation.category = members.member
            and (members.level is null or cooperation.level = members.level)
    group by measured.submission_id, measured.year, members.indicator_code
),

indicators as (
    select distinct indicator_code
    from {{ ref('indicator_members') }}
    where counted = 'cooperation'
)

select
    measured.submission_id,
    measured.zone_id,
    measured.year,
    indicators.indicator_code,
    cast(coalesce(in_force.names, 0) as {{ measure_type() }}) as names
from {{ ref('int_rosters_measured') }} as measured
cross join indicators
left join in_force
    on
        measured.submission_id = in_force.submission_id
        and measured.year = in_force.year
        and indicators.indicator_code = in_force.indicator_code
