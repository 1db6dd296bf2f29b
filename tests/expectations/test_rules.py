"""The verdicts on the quality rules: one a rule, warning only, as much tolerated as the seed says."""

import duckdb
import polars as pl
import pytest

from expectations.expected import CatalogueError, Findings
from expectations.rules import build_rules, read_rules
from expectations.verdict import failing_rows_query, findings_query
from ingestion.seeds import load_seed

RULES = load_seed("quality_rules")
TOLERANCE = ("rule_id", "tolerated_count", "tolerated_share", "share_of")


def tolerances(*rows: tuple[str | None, ...]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=dict.fromkeys(TOLERANCE, pl.String), orient="row")


def rule(*tolerance: str | None) -> list:
    return build_rules(RULES.filter(rule_id="Q01"), tolerances(("Q01", *tolerance)))


@pytest.fixture(scope="module")
def asked() -> duckdb.DuckDBPyConnection:
    """Give marts with three findings of Q01 that are open and 300 enterprises."""
    connection = duckdb.connect()
    connection.execute("create schema marts")
    connection.execute("create table marts.enterprises as from range(300) as enterprises (number)")
    columns = "zone_id, report_year, sheet, row_number, field, value, expected, message_zh, message_en"
    nothing = ", ".join(f"null as {column}" for column in columns.split(", "))
    connection.execute(
        f"create table marts.quality_failures as select {nothing}, 'f' || number as failure_id, "
        "'Q01' as rule_id, case number when 3 then 'waived' else 'open' end as disposition "
        "from range(4) as findings (number)"
    )
    return connection


def test_every_rule_that_asks_has_a_verdict_which_warns_and_names_its_article() -> None:
    asking = RULES.filter(pl.col("severity").is_in(["Q", "M"]))
    verdicts = read_rules()
    assert [expected.name for expected in verdicts] == asking["rule_id"].to_list()
    assert {expected.severity for expected in verdicts} == {"warn"}
    assert [expected.article for expected in verdicts] == asking["article"].to_list()
    assert {(expected.table, expected.suite) for expected in verdicts} == {
        ("marts.quality_failures", "quality_rules")
    }


@pytest.mark.parametrize(
    ("tolerance", "rows"),
    [
        pytest.param(("3", None, None), 0, id="as many as tolerated"),
        pytest.param(("2", None, None), 3, id="one more than tolerated"),
        pytest.param((None, "0.01", "marts.enterprises"), 0, id="exactly the share tolerated"),
        pytest.param((None, "0.009999999", "marts.enterprises"), 3, id="just above the share tolerated"),
    ],
)
def test_a_rule_fails_with_all_its_open_findings_when_there_are_more_than_tolerated(
    asked: duckdb.DuckDBPyConnection, tolerance: tuple[str | None, ...], rows: int
) -> None:
    (expected,) = rule(*tolerance)
    assert len(asked.execute(failing_rows_query(expected, limit=50)).fetchall()) == rows
    assert isinstance(expected.measure, Findings)
    assert asked.execute(findings_query(expected, expected.measure)).fetchall()[0][0] == 3


@pytest.mark.parametrize(
    "tolerance",
    [
        (None, None, None),
        ("1", "0.01", "marts.enterprises"),
        ("-1", None, None),
        ("1.5", None, None),
        (None, "0.01", None),
        (None, "1.01", "marts.enterprises"),
        (None, "0.01", "enterprises; drop"),
    ],
    ids=str,
)
def test_a_tolerance_is_a_count_or_a_share_of_a_mart(tolerance: tuple[str | None, ...]) -> None:
    with pytest.raises(CatalogueError, match="rule Q01"):
        rule(*tolerance)


def test_a_rule_without_a_tolerance_is_refused() -> None:
    with pytest.raises(CatalogueError, match="rule Q01: it stands 0 times"):
        build_rules(RULES.filter(rule_id="Q01"), tolerances())


@pytest.mark.parametrize("rule_id", ["V01", "Q99"], ids=["a rule that quarantines", "a rule that is none"])
def test_a_tolerance_of_no_rule_that_asks_is_refused(rule_id: str) -> None:
    with pytest.raises(CatalogueError, match=f"rule {rule_id}"):
        build_rules(
            RULES.filter(rule_id="Q01"), tolerances(("Q01", "0", None, None), (rule_id, "0", None, None))
        )
