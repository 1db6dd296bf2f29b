-- The relaxed threshold of a region, criterion and report year: of several relaxations that apply, that of
-- the latest first report year. Only relaxable criteria have one.
with applicable as (
    select
        relaxations.region,
        relaxations.criterion_id,
        assessments.assessment_id,
        relaxations.from_report_year,
        relaxations.threshold
    from {{ ref('stg_ledgers__relaxations') }} as relaxations
    inner join {{ ref('criteria') }} as criteria
        on relaxations.criterion_id = criteria.criterion_id and criteria.relaxable
    inner join {{ ref('int_assessments_framed') }} as assessments
        on
            relaxations.region = assessments.region
            and relaxations.from_report_year <= assessments.report_year
            and (relaxations.to_report_year is null or assessments.report_year <= relaxations.to_report_year)
)

select
    assessment_id,
    criterion_id,
    max_by(threshold, from_report_year) as relaxed_threshold
from applicable
group by assessment_id, criterion_id
