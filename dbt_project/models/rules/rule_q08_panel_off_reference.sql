-- Q08: a panel's total lies within 15 points of the reference score (Art. 7). Where a dimension is not scored
-- or a criterion is unknown there are two ends, and what is asked about is what no value between them mends.
with compared as (
    select
        assessments.submission_id,
        assessments.submission_type,
        assessments.zone_id,
        assessments.report_year,
        scorecards.panel_low,
        scorecards.panel_high,
        scorecards.reference_low,
        scorecards.reference_high,
        {{ rule_limit('Q08', 'points_apart') }} as points_apart
    from {{ ref('int_scorecards_totalled') }} as scorecards
    inner join {{ ref('int_assessments_framed') }} as assessments
        on scorecards.assessment_id = assessments.assessment_id
),

failing as (
    select
        case when panel_low > reference_high then 'above_reference' else 'below_reference' end as case_id,
        submission_id,
        submission_type,
        zone_id,
        report_year,
        'expert_scores' as sheet,
        null as row_number,
        null as row_identity,
        'score' as field,
        {{ range_written('panel_low', 'panel_high') }} as value,
        {{ range_written('reference_low', 'reference_high') }} as reference,
        {{ written_plainly('points_apart') }} as points_apart
    from compared
    where panel_low - reference_high > points_apart or reference_low - panel_high > points_apart
)

{{ select_findings(
    'Q08', 'failing', placeholders=['zone_id', 'report_year', 'reference', 'points_apart']
) }}
