"""Each expectation, broken alone: it fails, and nothing else does.

The breaks are done in the opened evidence, inside a transaction; whole files are broken in test_verdict.py.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
import yaml

from expectations.catalogue import read_catalogue, seeds_named
from expectations.evidence import Evidence, gather_evidence
from expectations.expected import Findings
from expectations.verdict import failing_rows_query

HERE = Path(__file__).parent
CATALOGUE = {expected.name: expected for expected in read_catalogue()}
RULES = [name for name, expected in CATALOGUE.items() if isinstance(expected.measure, Findings)]
BREAKS = yaml.safe_load((HERE / "breaks.yml").read_text(encoding="utf-8"))
HARMLESS = yaml.safe_load((HERE / "harmless.yml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def opened(kept_night) -> Iterator[Evidence]:
    """Open the night that keeps everything; its views become tables, so that they can be changed."""
    with gather_evidence(
        kept_night.warehouse,
        judged=kept_night.judged,
        night=kept_night.night,
        previous_release=kept_night.release,
        seeds=seeds_named(CATALOGUE.values()),
    ) as evidence:
        run = evidence.connection.execute
        run("set threads = 1")
        views = "select schema_name, view_name from duckdb_views() where schema_name in ('marts', 'night')"
        for schema, view in run(views).fetchall():
            run(f"create table {schema}.{view}_copied as from {schema}.{view}")
            run(f"drop view {schema}.{view}")
            run(f"alter table {schema}.{view}_copied rename to {view}")
        yield evidence


def failed_after(evidence: Evidence, statements: Sequence[str], *, about: str | None = None) -> set[str]:
    """Give the names of what fails after ``statements``, which are undone; ``about`` a table or anything."""
    run = evidence.connection.execute
    run("begin")
    try:
        for statement in statements:
            run(statement)
        return {
            name
            for name, expected in CATALOGUE.items()
            if about in {None, expected.table} and run(failing_rows_query(expected, limit=1)).fetchall()
        }
    finally:
        run("rollback")


def test_every_expectation_is_broken_by_a_test() -> None:
    assert set(BREAKS) | set(RULES) == set(CATALOGUE)


@pytest.mark.parametrize("name", BREAKS)
def test_expectation_fails_when_it_is_broken_and_nothing_else_does(opened: Evidence, name: str) -> None:
    assert failed_after(opened, BREAKS[name]["break"]) == {name, *BREAKS[name].get("also", [])}


def found_by(rule_id: str, disposition: str) -> list[str]:
    """Give the statements after which a rule has found one thing more, in the warehouse and in the mart."""
    rule = f"from seeds.quality_rules where rule_id = '{rule_id}'"
    finding = (
        "'new' as failure_id, rule_id, severity, article, 'application' as submission_id, 'dbt' as engine"
    )
    return [
        f"insert into marts.quality_failures by name select {finding}, '{disposition}' as disposition {rule}",
        "update rules.finding_counts set findings = findings + 1 where rule_id = 'Q07'"
        if rule_id == "Q07"
        else f"insert into rules.finding_counts values ('{rule_id}', 'application', 1)",
    ]


@pytest.mark.parametrize("rule_id", RULES)
def test_a_rule_fails_for_one_open_finding_and_nothing_else_does(opened: Evidence, rule_id: str) -> None:
    failed = failed_after(opened, found_by(rule_id, "open"), about="marts.quality_failures")
    assert failed == {rule_id}


@pytest.mark.parametrize(
    ("disposition", "failing"),
    [("confirmed_correct", set()), ("waived", set()), ("correction_requested", {"Q01"})],
)
def test_a_finding_is_settled_by_confirming_or_waiving_and_not_by_asking_for_a_correction(
    opened: Evidence, disposition: str, failing: set[str]
) -> None:
    in_the_ledger = "insert into night.dispositions by name select 'new' as failure_id, true as is_in_force"
    answered = [*found_by("Q01", disposition), f"{in_the_ledger}, '{disposition}' as disposition"]
    assert failed_after(opened, answered) == failing


def test_a_finding_of_a_rule_that_does_not_reach_the_mart_is_missed(opened: Evidence) -> None:
    lost = "insert into rules.finding_counts values ('M02', null, 1)"
    assert failed_after(opened, [lost]) == {"findings_reach_quality_failures"}


@pytest.mark.parametrize("change", HARMLESS)
def test_nothing_fails_for(opened: Evidence, change: str) -> None:
    assert failed_after(opened, HARMLESS[change]) == set()


def test_nothing_fails_for_a_night_that_is_right(opened: Evidence) -> None:
    assert failed_after(opened, []) == set()


def test_nothing_fails_for_a_night_with_nothing_in_it(opened: Evidence) -> None:
    filled = opened.connection.execute(
        "select schema_name || '.' || table_name from duckdb_tables() "
        "where schema_name in ('lake', 'night', 'rules', 'marts', 'releases') "
        "and table_name not in ('parameters_in_force', 'authorities')"
    ).fetchall()
    emptied = [f"truncate {table}" for (table,) in filled]
    nothing_owed = "update marts.authorities set zones_designated = 0, reports_owed = 0, reports_on_time = 0"
    assert failed_after(opened, [*emptied, nothing_owed]) == set()


@pytest.mark.parametrize(
    ("mart", "rows_before", "rows_now"),
    [
        pytest.param("enterprises", 1000, 949, id="a listed mart by more than its share"),
        pytest.param("unlisted", 100, 89, id="an unlisted mart by more than the tolerance"),
        pytest.param("quality_failures", 4, 0, id="findings that were all corrected, which may be none"),
    ],
)
def test_a_fall_only_warns(opened: Evidence, mart: str, rows_before: int, rows_now: int) -> None:
    fallen = f"insert into releases.row_counts select '{mart}', {rows_before}, {rows_now}"
    assert failed_after(opened, [fallen]) == {"marts_did_not_shrink"}
    assert CATALOGUE["marts_did_not_shrink"].severity == "warn"


def test_a_mart_that_is_gone_became_empty(opened: Evidence) -> None:
    gone = "insert into releases.row_counts values ('a mart of the past', 3, 0)"
    assert "no_mart_became_empty" in failed_after(opened, [gone])
