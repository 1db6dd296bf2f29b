"""The rules: a list of all, and a page each: what it asks, how often it fails, where."""

from ingestion.seeds import load_seed
from publication.site.charts.drawing import Charts
from publication.site.marts import Marts, Row, grouped
from publication.site.pages import Pages, rule_page

EXAMPLES = 20
"""How many findings of one rule its page shows."""

PLACES = 50
"""How many zones a rule's page lists."""

SEVERITIES = ("S", "V", "Q", "M")

BY_RULE = """
select rule_id, count(*) as findings, count(*) filter (disposition = 'open') as open_findings,
    count(distinct submission_id) as submissions, count(distinct zone_id) as zones
from quality_failures
group by rule_id
"""

BY_DISPOSITION = """
select rule_id, disposition, count(*) as findings
from quality_failures
group by rule_id, disposition
order by rule_id, findings desc, disposition
"""

BY_ZONE = f"""
select rule_id, failures.zone_id, zone_name, authority_code, count(*) as findings,
    count(*) filter (disposition = 'open') as open_findings
from quality_failures as failures left join zones using (zone_id)
group by rule_id, failures.zone_id, zone_name, authority_code
qualify row_number() over (partition by rule_id order by findings desc, failures.zone_id) <= {PLACES}
order by rule_id, findings desc, failures.zone_id
"""  # noqa: S608 - the only value put in is a number of this module

EXAMPLE_ROWS = f"""
select rule_id, file_name, failures.zone_id, sheet, row_number, field, value, expected,
    message_zh, message_en, disposition, failure_id
from quality_failures as failures left join submissions using (submission_id)
qualify row_number() over (
    partition by rule_id order by file_name, submission_id, sheet, row_number, field, failure_id
) <= {EXAMPLES}
order by rule_id, file_name, submission_id, sheet, row_number, field, failure_id
"""  # noqa: S608 - the only value put in is a number of this module


def known_rules(marts: Marts) -> frozenset[str]:
    """Give the rules of the seed; raise ``ValueError`` when a finding names another."""
    known = frozenset(load_seed("quality_rules")["rule_id"])
    if not marts.has("quality_failures"):
        return known
    found = {row["rule_id"] for row in marts.rows("select distinct rule_id from quality_failures")}
    if found - known:
        raise ValueError(
            f"findings of rules that the seed quality_rules does not have: {sorted(found - known)}"
        )
    return known


def write(pages: Pages, marts: Marts, charts: Charts) -> None:  # noqa: ARG001 - every page's writer is called alike
    """Write the list of rules and a page a rule."""
    counts = {row["rule_id"]: row for row in marts.rows(BY_RULE)}
    none: Row = {"findings": 0, "open_findings": 0, "submissions": 0, "zones": 0}
    rules = [rule | counts.get(rule["rule_id"], none) for rule in load_seed("quality_rules").rows(named=True)]
    rules.sort(key=lambda rule: (SEVERITIES.index(rule["severity"]), rule["rule_id"]))
    dispositions = grouped(marts.rows(BY_DISPOSITION), "rule_id")
    places = grouped(marts.rows(BY_ZONE), "rule_id")
    examples = grouped(marts.rows(EXAMPLE_ROWS), "rule_id")
    pages.write("rules", "rules.html.j2", rules=rules)
    for rule in rules:
        rule_id = rule["rule_id"]
        pages.write(
            rule_page(rule_id),
            "rule.html.j2",
            rule=rule,
            dispositions=dispositions.get(rule_id, []),
            places=places.get(rule_id, []),
            examples=examples.get(rule_id, []),
        )
