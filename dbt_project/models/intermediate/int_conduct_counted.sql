-- Incidents and credit records in the window of every assessment. A null count is unknown: an incident that
-- is not ruled yet may bar, unless another already does.
with conduct_indicators as (
    select
        members.indicator_code,
        members.counted,
        members.member,
        bars.min_barring_rank
    from {{ ref('indicator_members') }} as members
    left join {{ ref('incident_bar_thresholds') }} as bars on members.member = bars.domain
    where members.counted in ('incident', 'credit')
),

incidents_counted as (
    select
        assessments.assessment_id,
        conduct_indicators.indicator_code,
        count(case
            when
                incidents.ruled_on is not null
                and incidents.level_rank >= conduct_indicators.min_barring_rank
                then 1
        end) as barring,
        count(case when incidents.ruled_on is null or incidents.level_rank is null then 1 end) as unruled
    from {{ ref('int_assessments_framed') }} as assessments
    inner join {{ ref('stg_ledgers__incidents') }} as incidents
        on
            assessments.zone_id = incidents.zone_id
            and incidents.occurred_on > assessments.window_opens_after
            and incidents.occurred_on <= assessments.window_ends_on
    inner join conduct_indicators
        on conduct_indicators.counted = 'incident' and incidents.domain = conduct_indicators.member
    group by assessments.assessment_id, conduct_indicators.indicator_code
),

credit_counted as (
    select
        assessments.assessment_id,
        conduct_indicators.indicator_code,
        count(*) as barring,
        0 as unruled
    from {{ ref('int_assessments_framed') }} as assessments
    inner join {{ ref('stg_ledgers__credit_records') }} as records
        on
            assessments.zone_id = records.zone_id
            and records.found_on <= assessments.window_ends_on
            and case {{ parameter('credit_window') }}
                when 'any found in the 36 months' then records.found_on > assessments.window_opens_after
                else records.cleared_on is null or records.cleared_on > assessments.window_ends_on
            end
    inner join conduct_indicators
        on conduct_indicators.counted = 'credit' and records.kind = conduct_indicators.member
    group by assessments.assessment_id, conduct_indicators.indicator_code
),

counted as (
    select * from incidents_counted
    union all
    select * from credit_counted
)

select
    assessments.assessment_id,
    conduct_indicators.indicator_code,
    case
        when coalesce(counted.barring, 0) > 0 or coalesce(counted.unruled, 0) = 0
            then cast(coalesce(counted.barring, 0) as {{ measure_type() }})
    end as records_counted
from {{ ref('int_assessments_framed') }} as assessments
cross join conduct_indicators
left join counted
    on
        assessments.assessment_id = counted.assessment_id
        and conduct_indicators.indicator_code = counted.indicator_code
