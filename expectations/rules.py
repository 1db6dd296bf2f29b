"""The verdict on each rule that only the whole warehouse can judge (Q and M): one expectation a rule.

Belongs here: generating them from the rule catalogue (the seeds ``quality_rules`` and ``rule_tolerances``).
Does not belong here: what a rule looks at; its findings come from the rule's own dbt model.
"""

import re
from pathlib import Path
from string import Template

import polars as pl

from expectations.expected import CatalogueError, Expected, Findings
from ingestion.seeds import load_seed

SUITE = "quality_rules"
TABLE = "marts.quality_failures"
ASKING = ("Q", "M")
"""The severities of the rules that ask."""

NEVER_BLOCKS = "warn"
"""What is asked is told in a release and never stops it."""

QUERY = Template((Path(__file__).parent / "rule_findings.sql").read_text(encoding="utf-8").strip())
MART = re.compile(r"marts\.\w+")
SHARE = re.compile(r"0(\.[0-9]+)?|1(\.0+)?")
COUNT = re.compile(r"[0-9]+")


def read_rules() -> list[Expected]:
    """Give one expectation a Q or M rule; raise ``CatalogueError`` unless each has one tolerance."""
    return build_rules(load_seed("quality_rules"), load_seed("rule_tolerances"))


def build_rules(rules: pl.DataFrame, tolerances: pl.DataFrame) -> list[Expected]:
    """Give the expectations of the asking ``rules`` with their ``tolerances``, in the order of the rules."""
    asking = rules.filter(pl.col("severity").is_in(ASKING))
    listed = tolerances["rule_id"].to_list()
    for rule_id in sorted({*asking["rule_id"], *listed}):
        if listed.count(rule_id) != 1 or rule_id not in asking["rule_id"]:
            raise CatalogueError(
                f"rule {rule_id}: it stands {listed.count(rule_id)} times in the seed rule_tolerances; each "
                "rule of severity Q or M must stand there once, and no other"
            )
    tolerated = {row["rule_id"]: _tolerated(row) for row in tolerances.to_dicts()}
    return [_expected(rule, tolerated[rule["rule_id"]]) for rule in asking.to_dicts()]


def _expected(rule: dict[str, str | None], tolerated: str) -> Expected:
    rule_id = str(rule["rule_id"])
    return Expected(
        name=rule_id,
        table=TABLE,
        severity=NEVER_BLOCKS,
        description_zh=str(rule["what_must_hold_zh"]),
        description_en=str(rule["what_must_hold"]),
        measure=Findings(QUERY.substitute(rule_id=rule_id), tolerated),
        suite=SUITE,
        article=rule["article"],
    )


def _tolerated(row: dict[str, str | None]) -> str:
    """Give as SQL how many findings are tolerated: a count, or a share of the rows of a table."""
    count, share, table = row["tolerated_count"], row["tolerated_share"], row["share_of"]
    if share is None and table is None and COUNT.fullmatch(count or ""):
        return str(count)
    if count is None and SHARE.fullmatch(share or "") and MART.fullmatch(table or ""):
        return f"{share} * (select count(*) from {table})"  # noqa: S608 - the name stands in the seed
    raise CatalogueError(
        f"rule {row['rule_id']}: rule_tolerances gives either tolerated_count, a whole number, or "
        f"tolerated_share (0..1) with share_of (marts.<name>), not {count!r}, {share!r}, {table!r}"
    )
