"""Exports: everything that is an authority's, in its folder, safe to open in a spreadsheet."""

import csv
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from publication import exports as room
from publication.exports import as_csv
from publication.wording import FORMULA_STARTS
from publication.workbook_limits import workbook_limit

Desk = Callable[..., Path]


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def sheet(path: Path, mart: str) -> list[tuple[Any, ...]]:
    return list(openpyxl.load_workbook(path)[mart].iter_rows(values_only=True))


@pytest.fixture
def of_two(make_night: Callable[..., Any], desk_files: Desk) -> Path:
    """Give the exports of a night with a zone of 320000 and one of 110000."""
    night = make_night()
    own = night.zone("HZ32050001", "苏州合作区")
    other = (*night.zone("HZ11010101", "北京合作区")[:2], "110000", *own[3:])
    night.zones = [own, other]
    night.enterprises = [
        ("HZ32050001", 2025, "91" * 9, "=HYPERLINK()", "1000.500000000000000000"),
        ("HZ11010101", 2025, "92" * 9, "企业", "7"),
    ]
    night.eligibility = [("HZ11010101|annual_report|2025", "HZ11010101", "annual_report", 2025, "watch")]
    ledger = night.finding("l1", "V20", submission_id=None)
    night.quality_failures = [
        night.finding("f1", "V04", value="-1"),
        (*ledger[:5], None, *ledger[6:]),
    ]
    return desk_files(night) / "exports"


def test_a_row_stands_in_the_folder_of_its_zones_authority_alone(of_two: Path) -> None:
    assert [row["zone_id"] for row in rows(of_two / "320000" / "enterprises.csv")] == ["HZ32050001"]
    assert [row["zone_id"] for row in rows(of_two / "110000" / "enterprises.csv")] == ["HZ11010101"]
    assert [row["zone_id"] for row in rows(of_two / "110000" / "zones.csv")] == ["HZ11010101"]


def test_a_finding_of_a_submission_goes_to_its_zones_authority_and_one_of_a_ledger_to_the_ministry(
    of_two: Path,
) -> None:
    assert [row["failure_id"] for row in rows(of_two / "320000" / "quality_failures.csv")] == ["f1"]
    assert [row["failure_id"] for row in rows(of_two / "000000" / "quality_failures.csv")] == ["l1"]


def test_a_mart_in_which_an_authority_has_nothing_has_no_file(of_two: Path) -> None:
    assert not (of_two / "320000" / "eligibility.csv").exists()
    assert "eligibility" not in openpyxl.load_workbook(of_two / "320000" / "marts.xlsx").sheetnames


def test_csv_begins_with_the_mark_that_office_software_looks_for(of_two: Path) -> None:
    assert (of_two / "320000" / "zones.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert "苏州合作区" in (of_two / "320000" / "zones.csv").read_text(encoding="utf-8-sig")


def test_no_cell_runs_and_numbers_are_numbers(of_two: Path) -> None:
    (own,) = rows(of_two / "320000" / "enterprises.csv")
    assert (own["enterprise_name"], own["revenue_wan"]) == ("'=HYPERLINK()", "1000.5")
    header, row = sheet(of_two / "320000" / "marts.xlsx", "enterprises")
    assert dict(zip(header, row, strict=True)) == {
        "zone_id": "HZ32050001", "year": 2025, "uscc": "91" * 9, "enterprise_name": "'=HYPERLINK()",
        "revenue_wan": 1000.5,
    }  # fmt: skip


def test_the_workbook_says_what_it_holds_and_when_it_was_true(of_two: Path) -> None:
    notes = sheet(of_two / "320000" / "marts.xlsx", "说明")
    assert notes[0][:2] == ("主管部门 authority", "320000")
    assert notes[1][1] == "2026-06-30 00:00:00"
    assert ("enterprises", 1, 1) in [row[:3] for row in notes]


def test_a_sheet_that_shows_fewer_rows_than_there_are_says_so(
    make_night: Callable[..., Any], desk_files: Desk
) -> None:
    most = workbook_limit("max_exported_rows")
    night = make_night(
        extra_sql="insert into marts.enterprises select 'HZ32050001', 2025, cast(n as varchar), '企业', 1"
        f" from range({most + 1}) as numbers(n)"
    )
    own = desk_files(night) / "exports" / "320000"
    assert len(rows(own / "enterprises.csv")) == most + 1
    assert len(sheet(own / "marts.xlsx", "enterprises")) == most + 1
    noted = [row for row in sheet(own / "marts.xlsx", "说明") if row[0] == "enterprises"]
    assert noted[0][1:3] == (most + 1, most)
    assert "enterprises.csv" in noted[0][3]


def test_a_large_mart_fetched_by_authority_leaves_as_a_small_one_does(
    make_night: Callable[..., Any], desk_files: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    night = make_night(enterprises=[("HZ32050001", 2025 - n, "9", "企业", "1.5") for n in range(9)])
    small = desk_files(night) / "exports" / "320000" / "enterprises.csv"
    monkeypatch.setattr(room, "ROWS_AT_ONCE", 1)
    large = desk_files(night) / "exports" / "320000" / "enterprises.csv"
    assert large.read_bytes() == small.read_bytes()


@given(st.text(max_size=40), st.decimals(allow_nan=False, allow_infinity=False, places=18, max_value=10**12))
def test_no_text_of_a_csv_file_runs_and_a_decimal_keeps_its_value(text: str, number: Decimal) -> None:
    frame = pl.DataFrame(
        {"text": [text], "number": [number]}, schema_overrides={"number": pl.Decimal(38, 18)}
    )
    (cell,) = as_csv(frame).rows()
    assert not cell[0].startswith(FORMULA_STARTS)
    assert cell[0].removeprefix("'") == text.removeprefix("'")
    assert Decimal(cell[1]) == number


@pytest.mark.parametrize(
    ("value", "shown"), [(Decimal("100.000000000000000000"), "100"), (Decimal("-0.5"), "-0.5"), (None, None)]
)
def test_decimals_have_no_zeros_behind_them(value: Decimal | None, shown: str | None) -> None:
    frame = pl.DataFrame({"number": [value]}, schema={"number": pl.Decimal(38, 18)})
    assert as_csv(frame)["number"].to_list() == [shown]


def test_values_of_every_type_are_written(make_night: Callable[..., Any], desk_files: Desk) -> None:
    night = make_night(
        extra_sql="create table marts.change_filings as select 'HZ32050001' as zone_id,"
        " date '2026-03-01' as changed_on, timestamp '2026-03-01 09:30:00' as received_at, true as flag,"
        " cast(null as integer) as working_days_left, chr(1) || repeat('长', 40000) as note"
    )
    own = desk_files(night) / "exports" / "320000" / "marts.xlsx"
    _, row = sheet(own, "change_filings")
    assert row[:5] == ("HZ32050001", datetime(2026, 3, 1), datetime(2026, 3, 1, 9, 30), True, None)  # noqa: DTZ001
    assert row[5].endswith("…（40001 字 / chars）")
    assert date(2026, 3, 1).isoformat() in (own.parent / "change_filings.csv").read_text(encoding="utf-8-sig")
