-- Q09: each expert lies within a quarter of the dimension's points of the panel's mean (Art. 7); a dimension
-- with fewer experts than a panel has no mean.
with compared as (
    select
        assessments.submission_id,
        assessments.submission_type,
        assessments.zone_id,
        assessments.report_year,
        scores.expert_id,
        scores.dimension,
        scores.score,
        scores.ledger_file,
        scores.row_number,
        panels.panel_score,
        dimensions.name_zh as dimension_zh,
        {{ rule_limit('Q09', 'share_of_points_apart') }} * dimensions.points as points_apart
    from {{ ref('stg_ledgers__expert_scores') }} as scores
    inner join {{ ref('int_assessments_framed') }} as assessments
        on
            scores.zone_id = assessments.zone_id
            and scores.submission_type = assessments.submission_type
            and scores.report_year = assessments.report_year
    inner join {{ ref('int_panels_scored') }} as panels
        on assessments.assessment_id = panels.assessment_id and scores.dimension = panels.dimension
    inner join {{ ref('dimensions') }} as dimensions on scores.dimension = dimensions.dimension
),

failing as (
    select
        'off_mean' as case_id,
        submission_id,
        submission_type,
        zone_id,
        report_year,
        'expert_scores' as sheet,
        row_number,
        {{ row_identity(['zone_id', 'submission_type', 'report_year', 'expert_id', 'dimension']) }}
            as row_identity,
        'score' as field,
        {{ written_plainly('score') }} as value,
        ledger_file,
        {{ quoted('expert_id') }} as expert_id,
        dimension,
        dimension_zh,
        {{ written_plainly('panel_score') }} as panel_score,
        {{ written_plainly('points_apart') }} as points_apart
    from compared
    where abs(score - panel_score) > points_apart
)

{{ select_findings('Q09', 'failing', placeholders=[
    'ledger_file', 'zone_id', 'report_year', 'expert_id', 'dimension', 'dimension_zh', 'panel_score', 'points_apart',
]) }}
