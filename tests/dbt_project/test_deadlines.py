"""Deadlines in built marts: known change filings, receipts in other time zones, dates at the ends of time."""

import csv
import shutil
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from ingestion.judging.night import judge_night
from ingestion.progress import SilentProgress
from ingestion.reading.new_files import read_new_files
from ingestion.receive import receive

pytestmark = pytest.mark.slow

GOLDEN = Path(__file__).parent.parent / "golden" / "inbox"
ONLY_MODELS = ["--exclude-resource-type", "unit_test", "test"]

# The last day in time of changes worked out by hand with the State Council's calendars of 2024 to 2026.
DEADLINES = {
    "2024-09-20": "2024-11-06",
    "2025-01-10": "2025-02-27",
    "2025-09-15": "2025-10-31",
    "2026-01-20": "2026-03-09",
    "2026-09-21": "2026-11-09",
}
AT_THE_BOUNDARY = {
    "HZ44030009": ("2026-03-31T23:59:59+08:00", "on_time"),
    "HZ44030017": ("2026-04-01T00:00:00", "late"),  # no offset is Shanghai
    "HZ65900702": ("2026-03-31T15:59:59Z", "on_time"),
    "HZ66100018": ("2026-03-31T16:00:00+00:00", "late"),
    "HZ66120010": ("2026-04-01T00:59:59.5+09:00", "on_time"),
    "HZ21020001": ("2026-03-31T11:00:00-05:00", "late"),
}
"""When the gateway took in each zone's report for 2025, and what the report is for that."""


def in_force(ledger: str, rows: list[Mapping[str, Any]]) -> tuple[str, list[Mapping[str, Any]]]:
    return f"ledgers/{ledger}", [{**row, "is_in_force": True} for row in rows]


def build(project: Any, *marts: str, as_of: str) -> None:
    result = project.run("build", "--select", *(f"+{mart}" for mart in marts), *ONLY_MODELS, as_of=as_of)
    assert result.success, [node.message for node in result.result if node.status == "error"]


def test_change_filings_end_on_the_days_worked_out_by_hand(lake: Any, project_over: Any) -> None:
    changes = [
        {"change_id": day, "zone_id": "HZ44030009", "change_type": "name", "changed_on": day}
        for day in DEADLINES
    ]
    lake.record(*in_force("changes", changes))
    project = project_over(lake.judged, lake.night)

    build(project, "change_filings", as_of="2026-11-10T00:00:00")

    rows = project.rows("select change_id, deadline_on, calendar_basis, status from marts.change_filings")
    assert {row[0]: str(row[1]) for row in rows} == DEADLINES
    assert {row[2:] for row in rows} == {("official", "overdue")}


def test_31_march_ends_at_midnight_in_shanghai_wherever_the_receipt_was_written(
    tmp_path: Path, project_over: Any
) -> None:
    inbox = golden_reports(
        tmp_path / "inbox", {zone: moment for zone, (moment, _) in AT_THE_BOUNDARY.items()}
    )
    home = tmp_path / "home"
    home.mkdir()
    reception = receive(str(inbox), home, SilentProgress())
    limits = {"workers": 2, "memory_limit_bytes": 2 * 1024**3, "timeout_seconds": 120.0}
    read_new_files(reception, home, **limits, progress=SilentProgress())
    as_of = "2026-06-30T00:00:00"
    moment = datetime.fromisoformat(as_of)
    night = judge_night(reception, home, as_of=moment, parameters={}, progress=SilentProgress())
    project = project_over(night.judged_folder, night.night_folder)

    build(project, "annual_reports", as_of=as_of)

    rows = project.rows("select zone_id, status from marts.annual_reports where report_year = 2025")
    found = {zone: status for zone, status in rows if zone in AT_THE_BOUNDARY}
    assert found == {zone: status for zone, (_, status) in AT_THE_BOUNDARY.items()}


def golden_reports(inbox: Path, received: Mapping[str, str]) -> Path:
    """Write an inbox with the golden report for 2025 of each zone, received at the moment given for it."""
    shutil.copytree(GOLDEN / "ledgers", inbox / "ledgers")
    with (GOLDEN / "ledgers" / "receipts.csv").open(encoding="utf-8-sig", newline="") as file:
        receipts = [row for row in csv.DictReader(file) if row["file_name"].split("/")[0] in received]
    newest = {row["file_name"].split("/")[0]: row for row in receipts if row["received_at"] < "2026-05"}
    assert newest.keys() == received.keys()
    (inbox / "ledgers" / "receipts").mkdir()
    with (inbox / "ledgers" / "receipts" / "corrected.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(receipts[0]))
        writer.writeheader()
        for zone, row in newest.items():
            folder = inbox / "submissions" / zone
            folder.mkdir(parents=True)
            shutil.copyfile(
                GOLDEN / "submissions" / row["file_name"], inbox / "submissions" / row["file_name"]
            )
            writer.writerow(row | {"received_at": received[zone], "recorded_at": "2026-06-15T09:00:00+08:00"})
    return inbox


def test_dates_at_the_ends_of_time_stop_nothing(lake: Any, project_over: Any) -> None:
    """A year mistyped in a ledger costs seconds; a day beyond the last day of 9999 is null."""
    change = {"zone_id": "HZ11010001", "change_type": "name"}
    days = {"first": "0001-01-01", "late": "9999-11-01", "last": "9999-12-31"}
    lake.record(*in_force("changes", [change | {"change_id": key, "changed_on": days[key]} for key in days]))
    designation = {"zone_name": "z", "authority_code": "110000", "prefecture_code": "110101", "legacy": False}
    zones = {"HZ11010001": "9999-12-31", "HZ11010002": "0001-01-01"}
    designations = [designation | {"zone_id": zone, "designated_on": day} for zone, day in zones.items()]
    lake.record(*in_force("designations", designations))
    project = project_over(lake.judged, lake.night)

    build(project, "authorities", "change_filings", "designations", as_of="2026-06-30T00:00:00")

    filings = project.rows(
        "select change_id, deadline_on, status from marts.change_filings order by changed_on"
    )
    assert filings == [
        ("first", date(1, 2, 12), "overdue"),
        ("late", date(9999, 12, 13), "open"),
        ("last", None, "open"),
    ]
    assert project.rows("select zone_id, term_to from marts.designations order by zone_id") == [
        ("HZ11010001", date(9999, 12, 31)),
        ("HZ11010002", date(5, 12, 31)),
    ]
    owed = project.rows("select reports_owed from marts.authorities where authority_code = '110000'")
    assert owed == [(1,)]
