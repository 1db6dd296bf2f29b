-- The panel's mean of each dimension, rounded half up to 2 places; null with fewer experts than a panel has.
-- Scores belong to the zone, type and report year, whatever the version of the submission.
with scored as (
    select
        assessments.assessment_id,
        scores.dimension,
        cast(sum(scores.score) as {{ measure_type() }}) as total,
        count(*) as experts
    from {{ ref('int_assessments_framed') }} as assessments
    inner join {{ ref('stg_ledgers__expert_scores') }} as scores
        on
            assessments.zone_id = scores.zone_id
            and assessments.submission_type = scores.submission_type
            and assessments.report_year = scores.report_year
    group by assessments.assessment_id, scores.dimension
)

select
    assessment_id,
    dimension,
    experts,
    case
        when experts >= {{ parameter('panel_minimum', 'integer') }}
            then {{ score_rounded('total', '1', 'experts') }}
    end as panel_score
from scored
