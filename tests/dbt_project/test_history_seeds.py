"""The words of history: every kind of change and cause has its wording, every parameter its reach."""

import re
from pathlib import Path

import pytest
import yaml

from ingestion.seeds import SEEDS, load_seed

CONTRACT = SEEDS.parent / "models" / "marts" / "changes_since_last_release.yml"
BEAR_ON_NOTHING_COMPARED = {
    "growth_convention",
    "province_comparison",
    "relaxation",
    "recommendation_quota",
    "publicity_working_days",
    "panel_basis",
    "self_report_tolerance",
    "restatement_tolerance",
}
"""Parameters that no model computes, or that bear on findings and applications in progress alone."""

PLACE = re.compile(r"{(\w+)}")


def allowed(column: str, contract: Path = CONTRACT) -> set[str]:
    columns = yaml.safe_load(contract.read_text(encoding="utf-8"))["models"][0]["columns"]
    [described] = [told for told in columns if told["name"] == column]
    [values] = [test["accepted_values"]["arguments"]["values"] for test in described["data_tests"]]
    return set(values)


def test_every_parameter_has_a_reach_or_is_known_to_have_none() -> None:
    reaching = set(load_seed("parameter_reach")["parameter"])
    assert reaching | BEAR_ON_NOTHING_COMPARED == set(load_seed("parameters")["parameter"])
    assert not reaching & BEAR_ON_NOTHING_COMPARED


def test_what_a_parameter_reaches_is_a_kind_of_change_and_an_indicator_or_clause() -> None:
    reach = load_seed("parameter_reach")
    assert set(reach["subject_kind"]) <= set(load_seed("change_subjects")["subject_kind"])
    indicators = set(load_seed("indicator_definitions")["indicator_code"]) | set(
        load_seed("parameter_measures")["measured_by"]
    )
    assert set(reach.filter(subject_kind="indicator")["item"]) <= indicators
    clauses = set(load_seed("revocation_grounds")["clause"])
    assert set(reach.filter(subject_kind="revocation_trigger")["item"]) <= clauses


def test_every_kind_of_change_and_of_cause_is_worded() -> None:
    assert set(load_seed("change_subjects")["subject_kind"]) == allowed("subject_kind")
    causes = load_seed("change_causes")
    assert set(causes["because_kind"]) == allowed("because_kind")
    assert causes.select("because_kind", "because_source", "what_became").is_unique().all()


def test_every_ledger_has_a_name_and_every_clause_of_article_11_its_numeral() -> None:
    named = set(load_seed("messages").filter(kind="ledger")["code"])
    assert named == set(load_seed("ledger_fields")["ledger"])
    numbered = set(load_seed("change_words").filter(kind="clause")["code"])
    assert numbered == set(load_seed("revocation_grounds")["clause"])


@pytest.mark.parametrize("kind", ["ledger_row", "statistic", "parameter"])
def test_what_comes_changes_and_goes_is_worded_each_way(kind: str) -> None:
    worded = load_seed("change_causes").filter(because_kind=kind)
    assert set(worded["what_became"]) == {"added", "changed", "gone"}


@pytest.mark.parametrize(
    ("seed", "chinese", "english"),
    [("change_subjects", "subject_zh", "subject_en"), ("change_causes", "cause_zh", "cause_en")],
)
def test_both_languages_say_the_same_of_a_cause(seed: str, chinese: str, english: str) -> None:
    rows = load_seed(seed).iter_rows(named=True)
    only_chinese = {"item_zh", "submission_type_zh", "side_zh", "clause_zh", "ledger_zh", "said_zh"}
    only_english = {"submission_type_en", "side_en", "clause_en", "ledger_en", "said_en"}
    for row in rows:
        places = set(PLACE.findall(row[chinese])) - only_chinese
        assert places == set(PLACE.findall(row[english])) - only_english, row
