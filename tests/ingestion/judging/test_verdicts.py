"""What judging leaves in the lake: whole, immutable, once for each set of rules, whatever happened before."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from ingestion.judging import rule_set
from ingestion.judging.rule_set import ParameterError, rules_in_force
from ingestion.judging.verdicts import verdict_schemas
from ingestion.seeds import SEEDS

TABLES = {
    "cover",
    "roster",
    "self_reported",
    "cooperation",
    "activities",
    "plan_targets",
    "documents",
    "quarantine",
    "extras",
    "row_counts",
    "findings",
}


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*.parquet"))}


@pytest.fixture(scope="module")
def night(night_of: Callable[..., Any], form: Callable[..., Any]) -> Any:
    spoilt = form(roster=[{}, {"employees": -1}], documents=[{}, {"title": None}])
    spoilt.sheets["备注"] = [["说明"]]
    spoilt.sheets["文件清单"][0].append("页数")
    return night_of({"spoilt": spoilt, "right": form(), "broken": b"no workbook"})


@pytest.mark.parametrize("name", ["spoilt", "right", "broken"])
def test_every_submission_has_every_table_in_its_shape(night: Any, name: str) -> None:
    folder = night.summary.judged_folder / night.submission_id(name)
    assert {path.stem for path in folder.iterdir()} == TABLES
    for table, schema in verdict_schemas().items():
        assert dict(pl.read_parquet_schema(folder / f"{table}.parquet")) == schema
    assert night.verdict(name, "cover").height == 1
    assert night.verdict(name, "row_counts").height == 6


def test_the_empty_set_lets_a_pattern_always_match(night: Any) -> None:
    for table, schema in verdict_schemas().items():
        empty = pl.read_parquet(night.summary.judged_folder / "_empty" / f"{table}.parquet")
        assert dict(empty.schema) == schema
        assert empty.is_empty()


def test_an_empty_inbox_makes_a_night_of_empty_tables(night_of: Callable[..., Any]) -> None:
    night = night_of({})
    assert night.summary.submissions == 0
    assert night.table("submissions").is_empty()
    assert night.table("findings").is_empty()
    assert (night.summary.judged_folder / "_empty" / "roster.parquet").exists()


def test_sheets_and_columns_beyond_the_contract_are_named(night: Any) -> None:
    assert sorted(night.verdict("spoilt", "extras").select("sheet", "header").rows(), key=str) == [
        ("备注", None),
        ("文件清单", "页数"),
    ]


def test_a_second_night_judges_nothing_and_changes_nothing(night: Any) -> None:
    before = contents(night.summary.judged_folder)
    again = night.judge()
    assert (night.summary.newly_judged, again.summary.newly_judged) == (3, 0)
    assert contents(night.summary.judged_folder) == before


def test_other_parameters_are_other_rules_and_judge_again_beside(night: Any) -> None:
    before = contents(night.summary.judged_folder)
    lenient = night.judge(parameters={"max_invalid_row_share": "0.5", "max_invalid_revenue_share": "0.5"})
    assert lenient.summary.rules_version != night.summary.rules_version
    assert lenient.summary.newly_judged == 3
    assert (night.is_rejected("spoilt"), lenient.is_rejected("spoilt")) == (True, False)
    assert contents(night.summary.judged_folder) == before


def test_the_summary_counts_what_the_moment_sees(night: Any) -> None:
    summary = night.summary
    assert (summary.submissions, summary.rejected) == (3, 2)
    assert (summary.rows_read, summary.rows_quarantined) == (5, 2)
    assert sorted(summary.findings_by_rule.rows()) == [
        ("S01", "S", 1),
        ("S08", "S", 2),
        ("V04", "V", 1),
        ("V10", "V", 1),
    ]


def test_what_a_killed_run_left_half_written_is_no_verdict(night: Any) -> None:
    judged = night.summary.judged_folder
    expected = contents(judged)
    half = judged / ".unfinished" / "half"
    half.mkdir(parents=True)
    (judged / night.submission_id("right")).rename(half / "verdict")
    (night.home / "night.new").mkdir()
    (night.home / "night").rename(night.home / "night.old")
    again = night.judge()
    assert again.summary.newly_judged == 1
    assert contents(judged) == expected
    assert again.table("submissions").height == 3
    assert not (night.home / "night.old").exists()


def test_the_same_files_in_another_order_give_the_same_verdicts(night: Any) -> None:
    before = contents(night.summary.judged_folder)
    shutil.rmtree(night.summary.judged_folder)
    backwards = replace(night.reception, files=night.reception.files.reverse())
    again = replace(night, reception=backwards).judge()
    assert again.summary.newly_judged == 3
    assert contents(night.summary.judged_folder) == before


@pytest.mark.parametrize("value", ["-0.01", "1.01", "5 %", "", "NaN", "Infinity"])
def test_a_share_that_is_none_is_refused(value: str) -> None:
    with pytest.raises(ParameterError, match="max_invalid_row_share"):
        rules_in_force({"max_invalid_row_share": value})


def test_an_unknown_parameter_is_refused() -> None:
    with pytest.raises(ParameterError, match="max_invalid_rows"):
        rules_in_force({"max_invalid_rows": "0.05"})


def test_a_parameter_that_says_its_default_is_no_other_rule() -> None:
    assert rules_in_force({"max_invalid_row_share": "0.05"}).version == rules_in_force({}).version


def test_every_seed_that_judging_uses_makes_the_version() -> None:
    sources = "".join(
        path.read_text(encoding="utf-8") for path in Path(rule_set.__file__).parent.glob("*.py")
    )
    named = {path.stem for path in SEEDS.glob("*/*.csv") if f'"{path.stem}"' in sources}
    assert named - {"parameters"} == set(rule_set.SEEDS)
