-- Every metric by each of its dimensions, whether anything was counted or not: counts are 0 then, shares and
-- medians null. Parts add up exactly; a share is divided once, here.
with counted as (
    select * from {{ ref('int_zone_metrics_counted') }}
    union all
    select * from {{ ref('int_report_metrics_counted') }}
    union all
    {{ count_metrics(ref('int_findings_counted'), {
        'findings': 'findings',
        'open_findings': 'open_findings',
    }, own_dimension='rule', own_member='rule_id') }}
),

located as (
    select
        counted.*,
        authorities.region
    from counted
    left join {{ ref('provincial_authorities') }} as authorities
        on counted.authority_code = authorities.authority_code
),

told as (
    {{ by_dimension('located', ['metric_code', 'numerator', 'denominator']) }}
    union all
    select
        own_dimension as dimension,
        own_member as member,
        metric_code,
        numerator,
        denominator
    from located
    where own_member is not null
),

parts as (
    select
        metric_code,
        dimension,
        member,
        sum(numerator) as numerator,
        sum(denominator) as denominator
    from told
    group by metric_code, dimension, member
    union all
    select
        metric_code,
        dimension,
        member,
        numerator,
        denominator
    from {{ ref('int_openness_medians_chosen') }}
),

filled as (
    select
        definitions.metric_code,
        definitions.name_zh as metric_name_zh,
        definitions.name_en as metric_name_en,
        members.dimension,
        members.member,
        members.member_name_zh,
        members.member_name_en,
        definitions.unit,
        cast(
            case when definitions.unit = 'points' then parts.numerator else coalesce(parts.numerator, 0) end
            as decimal(38, 18)
        ) as numerator,
        cast(
            case when definitions.unit <> 'count' then coalesce(parts.denominator, 0) end
            as decimal(38, 18)
        ) as denominator
    from {{ ref('metric_definitions') }} as definitions
    inner join {{ ref('int_metric_members_listed') }} as members
        on list_contains(string_split(definitions.dimensions, ','), members.dimension)
    left join parts
        on
            definitions.metric_code = parts.metric_code
            and members.dimension = parts.dimension
            and members.member = parts.member
)

select
    metric_code,
    metric_name_zh,
    metric_name_en,
    dimension,
    member,
    member_name_zh,
    member_name_en,
    numerator,
    denominator,
    cast(
        case
            when unit = 'count' then numerator
            else {{ ratio_rounded('numerator', '1', 'denominator', '1', 9) }}
        end as decimal(38, 18)
    ) as value,
    unit
from filled
