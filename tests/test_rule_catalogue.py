"""Every rule of the catalogue is checked somewhere, and shown to fire and to come close without firing.

How a test says which rule it is about. Q and M: a dbt unit test is named ``q01_..._found...`` where it shows
the rule firing and ``q01_..._not...`` where something comes close (one test may do both). S and V: a case in
``tests/ingestion/judging`` is labelled ``V01 what is tried`` and lists the rules that must find it; cases of
ledgers that must pass are labelled ``accepted``.
"""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import yaml

from ingestion.seeds import SEEDS, load_seed

HERE = Path(__file__).parent
MODELS = SEEDS.parent / "models"
RULES = load_seed("quality_rules").select("rule_id", "severity").rows()
ASKING = [rule_id for rule_id, severity in RULES if severity in {"Q", "M"}]
AT_THE_DOOR = [rule_id for rule_id, severity in RULES if severity in {"S", "V"}]
LABEL = re.compile(r"([SV]\d\d) ")


@cache
def unit_tests() -> list[dict]:
    """Give the unit tests of dbt, as written."""
    paths = sorted((MODELS / "unit_tests").glob("*.yml"))
    read = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in paths]
    return [test for file in read for test in file.get("unit_tests", [])]


def shown_to_fire(rule_id: str) -> list[str]:
    """Give the unit tests that show the rule firing: what they expect is some row."""
    return [test["name"] for test in named(rule_id, "found") if test["expect"]["rows"]]


def shown_to_come_close(rule_id: str) -> list[str]:
    return [test["name"] for test in named(rule_id, "not")]


def named(rule_id: str, word: str) -> list[dict]:
    """Give the unit tests of the rule that have the word in their name."""
    start = f"{rule_id.lower()}_"
    return [
        test for test in unit_tests() if test["name"].startswith(start) and word in test["name"].split("_")
    ]


def labelled_cases() -> Iterator[tuple[str, set[str]]]:
    """Give the label of every case of the tests at the door, with the rules that must find it."""
    for path in sorted((HERE / "ingestion" / "judging").glob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Dict):
                pairs = zip(node.keys, node.values, strict=True)
                yield from ((str(key.value), rules_in(value)) for key, value in pairs if is_label(key, value))
            if isinstance(node, ast.Tuple) and len(node.elts) == 3 and isinstance(node.elts[1], ast.Dict):
                labels = [str(key.value) for key in node.elts[1].keys if isinstance(key, ast.Constant)]
                yield from ledger_cases(labels, rules_in(node))


def ledger_cases(labels: list[str], rules: set[str]) -> Iterator[tuple[str, set[str]]]:
    for label in labels:
        accepted = label.startswith("accepted ")
        for rule_id in rules:
            if accepted or label.startswith(rule_id):
                yield f"{rule_id} {label}", set() if accepted else {rule_id}


def is_label(key: ast.expr | None, value: ast.expr) -> bool:
    return isinstance(key, ast.Constant) and isinstance(key.value, str) and isinstance(value, ast.Tuple)


def rules_in(value: ast.expr) -> set[str]:
    """Give the rules in the set that ends a tuple."""
    assert isinstance(value, ast.Tuple)
    last = value.elts[-1]
    return (
        {str(item.value) for item in last.elts if isinstance(item, ast.Constant)}
        if isinstance(last, ast.Set)
        else set()
    )


CASES = list(labelled_cases())


@pytest.mark.parametrize("rule_id", ASKING)
def test_a_rule_that_asks_is_one_model_that_is_united_with_the_others(rule_id: str) -> None:
    (model,) = MODELS.glob(f"rules/rule_{rule_id.lower()}_*.sql")
    united = (MODELS / "intermediate" / "int_rule_findings_united.sql").read_text(encoding="utf-8")
    assert f"'{model.stem}'" in united


def test_every_rule_model_is_of_a_rule() -> None:
    models = [path.stem.split("_")[1].upper() for path in MODELS.glob("rules/*.sql")]
    assert sorted(models) == sorted(ASKING)


@pytest.mark.parametrize("rule_id", ASKING)
def test_a_rule_that_asks_is_worded_in_both_languages(rule_id: str) -> None:
    (model,) = MODELS.glob(f"rules/rule_{rule_id.lower()}_*.sql")
    worded = load_seed("rule_messages").filter(rule_id=rule_id)
    assert worded.height > 0
    assert all(f"'{case_id}'" in model.read_text(encoding="utf-8") for case_id in worded["case_id"])
    assert all(re.search("[\u4e00-\u9fff]", message) for message in worded["message_zh"])
    assert not any(re.search("[\u4e00-\u9fff]", message) for message in worded["message_en"])


@pytest.mark.parametrize("rule_id", ASKING)
def test_a_rule_that_asks_is_shown_to_fire_and_to_come_close(rule_id: str) -> None:
    assert shown_to_fire(rule_id)
    assert shown_to_come_close(rule_id)


@pytest.mark.parametrize("rule_id", AT_THE_DOOR)
def test_a_rule_at_the_door_is_shown_to_fire_and_to_come_close(rule_id: str) -> None:
    assert [label for label, rules in CASES if rule_id in rules]
    assert [label for label, rules in CASES if label.startswith(f"{rule_id} ") and rule_id not in rules]


def test_no_test_is_about_a_rule_that_there_is_not() -> None:
    rule_like = re.compile(r"([a-z]\d\d)_")
    named_by_units = {match[1].upper() for test in unit_tests() if (match := rule_like.match(test["name"]))}
    labelled = {match[1] for label, _ in CASES if (match := LABEL.match(label))}
    assert named_by_units | labelled <= {*ASKING, *AT_THE_DOOR}
