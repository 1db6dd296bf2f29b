"""Q15 over real ledgers: whichever ledger it is, and whatever its columns are."""

from typing import Any

import pytest

from ingestion.seeds import load_seed

pytestmark = pytest.mark.slow

LEDGERS = load_seed("ledger_fields")["ledger"].unique(maintain_order=True).to_list()
MOMENT = {"recorded_at": "2026-05-12 09:00:00"}


def rows(ledger: str, key: str, *changes: dict[str, Any]) -> list[dict[str, Any]]:
    """Give rows of one key and moment that differ by ``changes`` alone."""
    place = {"ledger_file": f"ledgers/{ledger}.csv", "row_identity": key}
    return [
        place | MOMENT | change | {"row_number": 2 + number, "is_in_force": number == len(changes) - 1}
        for number, change in enumerate(changes)
    ]


def some_value(ledger: str) -> dict[str, Any]:
    """Give a value for a column of the ledger that is no part of its key."""
    fields = load_seed("ledger_fields").filter(ledger=ledger, is_key="no")
    values = {"text": "a", "enum": "a", "integer": 1, "decimal": "1.5", "date": "2026-01-01"}
    values |= {"timestamp": "2026-01-01 00:00:00", "boolean": True}
    field = fields.row(0, named=True)
    return {field["field"]: values[field["type"]]}


@pytest.fixture(scope="module")
def found(project_over: Any, tmp_path_factory: pytest.TempPathFactory, empty_lake: Any) -> list[tuple]:
    lake = empty_lake(tmp_path_factory.mktemp("ledgers"))
    for ledger in LEDGERS:
        lake.record(f"ledgers/{ledger}", rows(ledger, "differ", {}, some_value(ledger)))
    alike = [
        *rows("supervision", "the same twice", {"zone_id": "HZ1"}, {"zone_id": "HZ1"}),
        *rows("supervision", "not withdrawn in two ways", {"void": None}, {"void": False}),
        *rows("supervision", "withdrawn twice", {"void": True, "zone_id": "HZ1"}, {"void": True}),
        *rows("supervision", "stated and withdrawn", {"zone_id": "HZ1"}, {"void": True}),
        *rows("supervision", "differ", {}, some_value("supervision")),
    ]
    lake.record("ledgers/supervision", alike)
    project = project_over(lake.judged, lake.night)
    selected = "rule_messages stg_ledgers__recorded_rows rule_q15_rows_of_one_moment"
    assert project.run("build", "--select", *selected.split(), "--exclude-resource-type", "unit_test").success
    return project.rows("select sheet, row_identity, row_number from rules.rule_q15_rows_of_one_moment")


@pytest.mark.parametrize("ledger", LEDGERS)
def test_two_rows_of_one_key_and_moment_that_differ_in_one_column_are_found(
    found: list[tuple], ledger: str
) -> None:
    assert (ledger, "differ", 3) in found


def test_rows_that_say_the_same_are_not_found_and_withdrawing_what_is_stated_is(found: list[tuple]) -> None:
    keys = {key for ledger, key, _ in found if ledger == "supervision"}
    assert keys == {"differ", "stated and withdrawn"}
