"""The golden inbox at its moments: from workbooks and ledgers to the marts, against tests/golden/expected."""

import csv
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ingestion.judging.night import judge_night
from ingestion.progress import SilentProgress
from ingestion.reading.new_files import read_new_files
from ingestion.receive import Reception, receive

pytestmark = pytest.mark.slow

EXPECTED = Path(__file__).parent.parent / "golden" / "expected"
MOMENTS = {
    "2026-03-31-last-second": "2026-03-31T23:59:59",
    "2026-06-30": "2026-06-30T00:00:00",
    "2026-12-15": "2026-12-15T00:00:00",
    "2030-01-15": "2030-01-15T00:00:00",
}
TOLERANCE = Decimal("1e-6")
"""How far decimals of the expected files may lie from the marts'."""

KEYS = {
    "submissions": ["submission_id"],
    "enterprises": ["zone_id", "year", "uscc"],
    "indicators": ["zone_id", "year", "indicator_code"],
    "eligibility_criteria": ["assessment_id", "criterion_id"],
    "eligibility": ["assessment_id"],
    "scorecard_dimensions": ["assessment_id", "dimension"],
    "scorecards": ["assessment_id"],
    "revocation_triggers": ["zone_id", "clause"],
    "annual_reports": ["zone_id", "report_year"],
    "designations": ["zone_id", "term_no"],
    "change_filings": ["change_id"],
}
LEFT_OUT = {"indicators": "where indicator_code not like '%_3Y' and indicator_code not like '%_LEAD'"}
"""What the expected files do not hold."""

Row = dict[str, Any]


@dataclass
class Night:
    """The home of the golden inbox, received and read once."""

    home: Path
    reception: Reception


@pytest.fixture(scope="module")
def night(golden_inbox: Path, tmp_path_factory: pytest.TempPathFactory) -> Night:
    """Receive and read the golden inbox."""
    home = tmp_path_factory.mktemp("golden_home")
    reception = receive(str(golden_inbox), home, SilentProgress())
    limits = {"workers": 2, "memory_limit_bytes": 2 * 1024**3, "timeout_seconds": 120.0}
    read_new_files(reception, home, **limits, progress=SilentProgress())
    return Night(home, reception)


@pytest.fixture(scope="module", params=MOMENTS)
def at_moment(request: pytest.FixtureRequest, night: Night, project_over: Any) -> tuple[str, Any]:
    """Give each moment with the project built over what it sees."""
    as_of = datetime.fromisoformat(MOMENTS[request.param])
    judged = judge_night(night.reception, night.home, as_of=as_of, parameters={}, progress=SilentProgress())
    project = project_over(judged.judged_folder, judged.night_folder)
    project.build(MOMENTS[request.param])
    return request.param, project


@pytest.mark.parametrize("mart", KEYS)
def test_a_mart_says_what_is_expected(at_moment: tuple[str, Any], mart: str) -> None:
    moment, project = at_moment
    expected = read_expected(moment, mart)
    columns = list(next(iter(expected.values())))
    query = f"select {', '.join(columns)} from marts.{mart} {LEFT_OUT.get(mart, '')}"
    found = by_key([dict(zip(columns, row, strict=True)) for row in project.rows(query)], mart)

    assert found.keys() == expected.keys()
    differing = [
        f"{key} {column}: expected {row[column]!r}, found {found[key][column]!r}"
        for key, row in expected.items()
        for column in columns
        if not agrees(row[column], found[key][column])
    ]
    assert not differing, "\n".join(differing[:20])


def test_quality_failures_name_the_roster_rows_that_fail(at_moment: tuple[str, Any]) -> None:
    moment, project = at_moment
    with (EXPECTED / moment / "row_failures.csv").open(encoding="utf-8-sig", newline="") as rows:
        expected = {
            (row["submission_id"], int(row["row_number"]), row["rule_id"]) for row in csv.DictReader(rows)
        }

    found = project.rows(
        "select distinct submission_id, row_number, rule_id from marts.quality_failures"
        " where severity = 'V' and sheet = '企业名录'"
    )

    assert set(found) == expected


def read_expected(moment: str, mart: str) -> dict[tuple[str, ...], Row]:
    """Give the rows of an expected file by their key."""
    with (EXPECTED / moment / f"{mart}.csv").open(encoding="utf-8-sig", newline="") as rows:
        return by_key(list(csv.DictReader(rows)), mart)


def by_key(rows: list[Row], mart: str) -> dict[tuple[str, ...], Row]:
    """Give rows by the mart's key, every part as text; no two rows have one key."""
    keyed = {tuple(str(row[column]) for column in KEYS[mart]): row for row in rows}
    assert len(keyed) == len(rows)
    return keyed


def agrees(expected: str, found: Any) -> bool:
    """Tell whether a cell of an expected file says what the mart does; blank is null."""
    if found is None or expected == "":
        return found is None and expected == ""
    if isinstance(found, bool):
        return expected == str(found).lower()
    if isinstance(found, int | Decimal):
        return abs(Decimal(expected) - found) <= TOLERANCE
    return expected == str(found)
