"""The wording of findings: there for every rule, whole, and true to the table of rules."""

import re

import polars as pl
import pytest

from ingestion.judging.checks import RuleCheck, failing, rule_schema
from ingestion.judging.contract import ledgers, row_tables
from ingestion.judging.findings import FINDING, findings_of, templates
from ingestion.judging.ledger_rules import ledger_checks
from ingestion.judging.sheet_rules import row_checks
from ingestion.seeds import load_seed

RULES = load_seed("quality_rules").filter(pl.col("severity").is_in(["S", "V"]))
MESSAGES = load_seed("rule_messages").filter(pl.col("rule_id").is_in(RULES["rule_id"].to_list()))
CASES = MESSAGES.select("rule_id", "case_id").rows()
CHECKS = {
    **{table.name: row_checks(table) for table in row_tables()},
    **{f"ledger {name}": ledger_checks(table, {}) for name, table in ledgers().items()},
}


def test_every_rule_that_judging_applies_is_worded() -> None:
    assert set(MESSAGES["rule_id"]) == set(RULES["rule_id"])


def test_a_case_is_worded_once() -> None:
    assert len(CASES) == len(set(CASES))


def test_a_message_quotes_the_article_of_its_rule() -> None:
    articles = dict(RULES.select("rule_id", "article").iter_rows())
    for rule_id, article in MESSAGES.select("rule_id", "article").iter_rows():
        assert article == articles[rule_id]


@pytest.mark.parametrize("case", CASES, ids=".".join)
def test_a_case_speaks_both_languages_of_the_same_things(case: tuple[str, str]) -> None:
    wording = templates()[case]
    assert re.search("[\u4e00-\u9fff]", wording["message_zh"])
    assert wording["message_en"].isascii()
    assert wording["expected"]


@pytest.mark.parametrize("table", CHECKS)
def test_every_row_rule_is_a_pandera_check_named_by_its_id_and_worded(table: str) -> None:
    checks = CHECKS[table]
    schema = rule_schema(checks, {})
    names = [check.name for column in schema.columns.values() for check in column.checks]
    assert sorted(names) == sorted(f"{check.rule_id}.{check.case_id}" for check in checks)
    assert {(check.rule_id, check.case_id) for check in checks} <= set(templates())


def test_the_row_rules_of_the_contract_are_all_there() -> None:
    carried = {check.rule_id for checks in CHECKS.values() for check in checks}
    assert carried == set(RULES.filter(scope="row")["rule_id"])


def test_a_check_that_can_t_be_run_is_a_bug_and_no_finding() -> None:
    frame = pl.DataFrame({"file_id": ["a"], "year": [2025]})
    broken = RuleCheck("V08", "not_report_year", "year", pl.col("no such column") > 1)
    with pytest.raises(Exception, match="no such column"):
        failing(frame, [broken])


def test_a_column_of_another_type_is_a_bug_and_no_finding() -> None:
    frame = pl.DataFrame({"year": ["2025"]})
    check = RuleCheck("V08", "not_report_year", "year", pl.col("year").is_not_null())
    with pytest.raises(Exception, match="year"):
        failing(frame, [check], {"year": pl.Int32()})


def test_a_place_that_nothing_fills_is_a_bug() -> None:
    frame = pl.DataFrame({"file_id": ["a"], "year": [2024]})
    check = RuleCheck("V08", "not_report_year", "year", pl.col("year") == 2025)
    with pytest.raises(KeyError, match="report_year"):
        findings_of(frame, failing(frame, [check]), [check])


def test_what_a_cell_says_is_quoted_and_never_filled_in() -> None:
    frame = pl.DataFrame({"file_id": ["a"], "year": [2024], "year__text": ["{report_year} {"]})
    check = RuleCheck("V08", "not_report_year", "year", pl.col("year") == 2025, {"report_year": pl.lit(2025)})
    (found,) = findings_of(frame, failing(frame, [check]), [check]).iter_rows(named=True)
    assert found["message_zh"] == "年度为 {report_year} {；年度报告的企业名录只填报告年度 2025。"


def test_a_long_cell_is_whole_in_the_finding_and_cut_in_its_message() -> None:
    frame = pl.DataFrame({"file_id": ["a"], "year": [2024], "year__text": ["长" * 500]})
    check = RuleCheck("V08", "not_report_year", "year", pl.col("year") == 2025, {"report_year": pl.lit(2025)})
    (found,) = findings_of(frame, failing(frame, [check]), [check]).iter_rows(named=True)
    assert found["value"] == "长" * 500
    assert found["message_zh"].count("长") == 80


def test_findings_of_nothing_have_the_columns_of_a_finding() -> None:
    frame = pl.DataFrame({"file_id": ["a"], "year": [2025]})
    assert findings_of(frame, failing(frame, []), []).schema == pl.Schema(FINDING)
