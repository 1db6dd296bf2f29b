select failures.failure_id, failures.rule_id, failures.submission_id
from (select * from {batch}) as failures
left join marts.submissions as submissions using (submission_id)
where failures.submission_id is not null
    and submissions.submission_id is null
