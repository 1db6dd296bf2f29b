select failures.failure_id, failures.rule_id, failures.severity, failures.article
from (select * from {batch}) as failures
left join seeds.quality_rules as rules using (rule_id)
where failures.severity is distinct from rules.severity
    or failures.article is distinct from rules.article
