with published as (
    select rule_id, submission_id, count(*) as findings
    from {batch}
    where engine = 'pandera' or severity in ('Q', 'M')
    group by all
),

found as (
    select rule_id, submission_id, sum(findings) as findings
    from (
        select rule_id, submission_id, findings from lake.finding_counts
        union all by name
        select rule_id, submission_id, 1 as findings from night.findings
        union all by name
        select rule_id, submission_id, findings from rules.finding_counts
    )
    group by all
)

select
    coalesce(published.rule_id, found.rule_id) as rule_id,
    coalesce(published.submission_id, found.submission_id) as submission_id,
    published.findings as findings_published,
    found.findings as findings_found
from published
full join found
    on published.rule_id = found.rule_id
    and published.submission_id is not distinct from found.submission_id
where published.findings is distinct from found.findings
