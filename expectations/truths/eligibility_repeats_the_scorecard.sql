with assessed as (select * from {batch})

select
    coalesce(assessed.assessment_id, scorecards.assessment_id) as assessment_id,
    assessed.score_outcome,
    scorecards.outcome
from assessed
full join marts.scorecards as scorecards using (assessment_id)
where assessed.assessment_id is null
    or scorecards.assessment_id is null
    or assessed.score_outcome is distinct from scorecards.outcome
