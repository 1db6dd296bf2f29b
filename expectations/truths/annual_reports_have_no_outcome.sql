select scorecards.assessment_id, assessments.submission_type, scorecards.outcome
from (select * from {batch}) as scorecards
left join marts.eligibility as assessments using (assessment_id)
where (scorecards.outcome is null) is distinct from (assessments.submission_type = 'annual_report')
