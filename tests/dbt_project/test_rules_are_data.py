"""A new criterion, another threshold, a relaxation: rows of a seed or a ledger, no line of SQL."""

import csv
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow

CRITERIA = Path("seeds") / "standard" / "criteria.csv"
ASSESSMENT = "HZ65010001|annual_report|2025"


@pytest.fixture
def zone_in_the_west(lake: Any) -> Any:
    """Give a lake with one annual report of 2025 of a zone in Xinjiang: two enterprises, 900,000 万元."""
    cover = {"submission_type": "annual_report", "zone_id": "HZ65010001", "report_year": 2025}
    place = {"authority_code": "650000", "prefecture_code": "650100", "is_rejected": False}
    enterprise = {
        "year": 2025,
        "industry_code": "C13",
        "ownership": "foreign",
        "employees": 10,
        "served": True,
    }
    roster = [enterprise | {"uscc": uscc, "revenue_wan": 450_000} for uscc in ("A", "B")]
    lake.submit("s", cover=[cover | place], roster=roster)
    received = {"submission_id": "s", "file_name": "s.xlsx", "received_at": "2026-03-01 09:00:00"}
    lake.record("submissions", [received | {"received_basis": "receipt"}])
    return lake


@pytest.fixture
def copied_project(tmp_path: Path, project: Any) -> Path:
    """Give a copy of the project to change."""
    folder = tmp_path / "dbt_project"
    shutil.copytree(project.folder, folder, ignore=shutil.ignore_patterns("target", "logs"))
    return folder


def change_criteria(folder: Path, change: Callable[[list[dict[str, str]]], None]) -> None:
    with (folder / CRITERIA).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    columns = list(rows[0])
    change(rows)
    with (folder / CRITERIA).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(rows)


def results(project: Any) -> dict[str, tuple[Any, ...]]:
    columns = "criterion_id, result, relaxed_result, threshold, relaxed_threshold"
    rows = project.rows(
        f"select {columns} from marts.eligibility_criteria where assessment_id = '{ASSESSMENT}'"
    )
    return {row[0]: row[1:] for row in rows}


def openness(project: Any) -> tuple[Any, ...]:
    query = "select reference_low, reference_high from marts.scorecard_dimensions"
    return tuple(project.rows(f"{query} where assessment_id = '{ASSESSMENT}' and dimension = 'openness'")[0])


def test_rows_change_results_without_touching_sql(
    zone_in_the_west: Any, copied_project: Path, project_over: Any
) -> None:
    lake = zone_in_the_west
    as_it_stands = project_over(lake.judged, lake.night)
    as_it_stands.build()

    def add_and_change(rows: list[dict[str, str]]) -> None:
        next(row for row in rows if row["criterion_id"] == "G04")["threshold"] = "900000"
        new = next(row for row in rows if row["criterion_id"] == "O01")
        rows.append(
            new | {"criterion_id": "O09", "requirement_id": "O09", "operator": "<=", "threshold": "2"}
        )

    change_criteria(copied_project, add_and_change)
    decided = {"region": "west", "from_report_year": 2025, "is_in_force": True}
    lake.record(
        "ledgers/relaxations",
        [
            decided | {"criterion_id": "O01", "threshold": 2},
            decided | {"criterion_id": "G05", "threshold": 0.1},
        ],
    )
    changed = project_over(lake.judged, lake.night, copied_project)
    changed.build()

    before, after = results(as_it_stands), results(changed)
    assert before["G04"][:2] == ("not_met", "not_met")
    assert after["G04"][:2] == ("met", "met")
    assert "O09" not in before
    assert after["O09"] == ("met", "met", 2, None)
    assert before["O01"] == ("not_met", "not_met", 10, None)
    assert after["O01"] == ("not_met", "met", 10, 2)
    assert after["G05"] == before["G05"]
    # Of 30 points: none of the 4 requirements met and 1 unknown; then 1 of 5 met and 1 unknown.
    assert openness(as_it_stands) == (0, 7.5)
    assert openness(changed) == (6, 12)
