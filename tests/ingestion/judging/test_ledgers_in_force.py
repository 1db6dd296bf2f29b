"""Append-only ledgers and receipts at a moment: who is seen, and which row of a key counts."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import permutations
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from ingestion.judging.contract import ledgers

SHANGHAI = ZoneInfo("Asia/Shanghai")
HEADER = "record_id,zone_id,kind,found_on,cleared_on,void,recorded_at\n"


def record(key: str, recorded_at: str, cleared_on: str = "", void: str = "") -> str:
    return f"{key},HZ44030009,serious_dishonesty,2025-01-01,{cleared_on},{void},{recorded_at}\n"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def in_force(night: Any) -> list[tuple[Any, ...]]:
    rows = night.table("ledgers/credit_records").filter("is_in_force")
    return rows.select("record_id", "cleared_on", "ledger_file", "row_number").rows()


@pytest.fixture(scope="module")
def night(night_of: Callable[..., Any]) -> Any:
    return night_of(
        {},
        {
            "ledgers/credit_records.csv": HEADER
            + record("later wins", "2026-01-02T00:00:00", "2026-01-01")
            + record("later wins", "2026-01-01T00:00:00")
            + record("blank clears", "2026-01-01T00:00:00", "2026-01-01")
            + record("blank clears", "2026-01-02T00:00:00")
            + record("last row wins", "2026-01-01T00:00:00", "2026-01-01")
            + record("last row wins", "2026-01-01T00:00:00", "2026-01-02")
            + record("withdrawn", "2026-01-01T00:00:00")
            + "withdrawn,,,,,true,2026-01-02T00:00:00\n"
            + record("withdrawn and restored", "2026-01-03T00:00:00")
            + "withdrawn and restored,,,,,true,2026-01-02T00:00:00\n"
            + record("not withdrawn", "2026-01-01T00:00:00", void="false")
            + record("a bad row never counts", "2026-01-01T00:00:00")
            + record("a bad row never counts", "2026-01-02T00:00:00", "2026-02-30")
            + record("same instant", "2026-01-01T08:00:00+08:00", "2026-01-01")
            + record("same instant", "2026-01-01T00:00:00Z", "2026-01-02")
            + record("last path wins", "2026-01-01T00:00:00"),
            "ledgers/credit_records/2026/b.csv": HEADER
            + record("last path wins", "2026-01-01T00:00:00", "2026-01-03"),
            "ledgers/credit_records/a.csv": HEADER
            + record("last path wins", "2026-01-01T00:00:00", "2026-01-02"),
        },
    )


@pytest.mark.parametrize(
    ("key", "rows"),
    [
        ("later wins", [("2026-01-01", 2)]),
        ("blank clears", [(None, 5)]),
        ("last row wins", [("2026-01-02", 7)]),
        ("withdrawn", []),
        ("withdrawn and restored", [(None, 10)]),
        ("not withdrawn", [(None, 12)]),
        ("a bad row never counts", [(None, 13)]),
        ("same instant", [("2026-01-02", 16)]),
        ("last path wins", [("2026-01-02", 2)]),
    ],
)
def test_the_row_in_force(night: Any, key: str, rows: list[tuple[str | None, int]]) -> None:
    found = [(day and day.isoformat(), row) for record_id, day, _, row in in_force(night) if record_id == key]
    assert found == rows


def test_every_accepted_row_is_kept_beside_the_one_in_force(night: Any) -> None:
    assert night.table("ledgers/credit_records").filter(record_id="later wins").height == 2


def test_ledgers_without_a_file_are_typed_and_empty(night: Any) -> None:
    for name, table in ledgers().items():
        kept = night.table(f"ledgers/{name}")
        assert {field: kept.schema[field] for field in table.schema} == table.schema
        assert kept.columns[-4:] == ["ledger_file", "row_number", "is_in_force", "row_identity"]
        assert (kept.height == 0) == (name != "credit_records")


@pytest.mark.parametrize(
    ("moment", "rows", "later", "findings"),
    [
        ("2026-01-01T09:59:59", [], 3, 1),
        ("2026-01-01T10:00:00", [(None, 2)], 2, 1),
        ("2026-01-02T10:00:00", [("2026-01-02", 3)], 0, 2),
    ],
)
def test_a_moment_sees_what_was_recorded_by_then(
    night_of: Callable[..., Any], moment: str, rows: list[tuple[str | None, int]], later: int, findings: int
) -> None:
    text = (
        HEADER
        + record("a", "2026-01-01T10:00:00+08:00")
        + record("a", "2026-01-02T10:00:00+08:00", "2026-01-02")
        + record("bad later", "2026-01-02T10:00:00+08:00", "never")
        + record("recorded nobody knows when", "一月")
    )
    night = night_of({}, {"ledgers/credit_records.csv": text}, as_of=at(moment))
    assert [(day and day.isoformat(), row) for _, day, _, row in in_force(night)] == rows
    counts = night.table("ledger_counts").row(0, named=True)
    assert counts["rows_later"] == later
    assert counts["rows_read"] == 4
    assert counts["rows_read"] == sum(
        counts[name] for name in ("rows_accepted", "rows_quarantined", "rows_later")
    )
    assert night.table("findings").height == findings


def test_identical_bytes_are_one_file_at_the_smallest_path(night_of: Callable[..., Any]) -> None:
    same = HEADER + record("a", "2026-01-01T00:00:00")
    other = HEADER + record("a", "2026-01-01T00:00:00", "2026-01-01")
    night = night_of(
        {},
        {
            "ledgers/credit_records/1.csv": same,
            "ledgers/credit_records/2.csv": other,
            "ledgers/credit_records/3.csv": same,
        },
    )
    assert [path for _, _, path, _ in in_force(night)] == ["ledgers/credit_records/2.csv"]
    assert night.table("ledger_counts")["ledger_file"].to_list() == [
        "ledgers/credit_records/1.csv",
        "ledgers/credit_records/2.csv",
    ]


def test_the_order_of_rows_with_other_moments_does_not_matter(night_of: Callable[..., Any]) -> None:
    rows = [
        record("a", "2026-01-01T00:00:00"),
        record("a", "2026-01-02T00:00:00", "2026-01-02"),
        record("a", "2026-01-03T00:00:00", "2026-01-03"),
    ]
    days = set()
    for order in permutations(rows):
        night = night_of({}, {"ledgers/credit_records.csv": HEADER + "".join(order)})
        days.add(tuple(day.isoformat() for _, day, _, _ in in_force(night)))
    assert days == {("2026-01-03",)}


RECEIPTS = "file_name,received_at,sent_by,zone_sent_at,void,recorded_at\n"


@pytest.fixture(scope="module")
def received(night_of: Callable[..., Any], form: Callable[..., Any]) -> Any:
    twin, pair = form(), form()
    return night_of(
        {
            "receipt": form(),
            "no receipt": form(),
            "withdrawn receipt": form(),
            "corrected receipt": form(),
            "receipt recorded later": form(),
            "pair/a": pair,
            "pair/b": pair,
            "twins/b": twin,
            "twins/a": twin,
            "twins/c": twin,
        },
        {
            "ledgers/receipts.csv": RECEIPTS
            + "receipt.xlsx,2026-02-01T10:00:00+08:00,440300,2026-01-31T09:00:00,,2026-02-01T10:00:00+08:00\n"
            + "withdrawn receipt.xlsx,2026-02-01T10:00:00,440300,,,2026-02-01T10:00:00\n"
            + "withdrawn receipt.xlsx,,,,true,2026-02-02T10:00:00\n"
            + "corrected receipt.xlsx,2026-02-01T10:00:00,440300,,,2026-02-01T10:00:00\n"
            + "corrected receipt.xlsx,2026-01-15T10:00:00,440300,,,2026-02-02T10:00:00\n"
            + "receipt recorded later.xlsx,2026-02-01T10:00:00,440300,,,2026-05-01T00:00:00\n"
            + "pair/a.xlsx,2026-02-01T10:00:01,440300,,,2026-02-02T10:00:00\n"
            + "pair/b.xlsx,2026-02-01T10:00:00,440300,,,2026-02-02T10:00:00\n"
            + "twins/c.xlsx,2026-02-02T10:00:00,440300,,,2026-02-02T10:00:00\n"
            + "twins/b.xlsx,2026-02-01T10:00:00,440300,,,2026-02-02T10:00:00\n"
            + "twins/a.xlsx,2026-02-01T10:00:00,440300,,,2026-02-02T10:00:00\n"
        },
    )


@pytest.mark.parametrize(
    ("name", "received_at", "basis"),
    [
        ("receipt", "2026-02-01T10:00:00", "receipt"),
        ("no receipt", "2026-03-01T09:00:00", "modified"),
        ("withdrawn receipt", "2026-03-01T09:00:00", "modified"),
        ("corrected receipt", "2026-01-15T10:00:00", "receipt"),
        ("receipt recorded later", "2026-02-01T10:00:00", "receipt"),
    ],
)
def test_when_a_workbook_was_received(received: Any, name: str, received_at: str, basis: str) -> None:
    row = received.judge().table("submissions").filter(file_name=f"{name}.xlsx").row(0, named=True)
    assert (row["received_at"], row["received_basis"]) == (datetime.fromisoformat(received_at), basis)


def test_a_receipt_that_is_not_yet_visible_leaves_the_time_of_the_file(received: Any) -> None:
    night = received.judge(at("2026-04-30T23:59:59"))
    row = night.table("submissions").filter(file_name="receipt recorded later.xlsx").row(0, named=True)
    assert (row["received_at"], row["received_basis"]) == (
        datetime.fromisoformat("2026-03-01T09:00:00"),
        "modified",
    )


def test_a_receipt_says_who_sent_it_and_when(received: Any) -> None:
    row = received.judge().table("submissions").filter(file_name="receipt.xlsx").row(0, named=True)
    assert (row["sent_by"], row["zone_sent_at"]) == ("440300", datetime.fromisoformat("2026-01-31T09:00:00"))


@pytest.mark.parametrize(
    ("seconds", "seen"),
    [(-1, False), (0, True)],
    ids=["a second before it was received", "the moment it was received"],
)
def test_a_moment_sees_what_was_received_by_then(received: Any, seconds: int, seen: bool) -> None:
    night = received.judge(at("2026-03-01T09:00:00") + timedelta(seconds=seconds))
    assert ("no receipt.xlsx" in night.table("submissions")["file_name"]) == seen


@pytest.mark.parametrize(
    ("name", "counts"), [("pair/a", "pair/b.xlsx"), ("twins/c", "twins/a.xlsx")], ids=["earliest", "smallest"]
)
def test_identical_workbooks_are_one_submission_the_earliest_then_the_smallest_path(
    received: Any, name: str, counts: str
) -> None:
    submissions = received.judge().table("submissions")
    assert submissions.filter(submission_id=received.submission_id(name))["file_name"].to_list() == [counts]


def test_a_moment_with_an_offset_is_the_same_moment(received: Any) -> None:
    moment = at("2026-03-01T09:00:00")
    here = received.judge(moment).table("submissions")
    assert received.judge(moment.astimezone(ZoneInfo("UTC"))).table("submissions").equals(here)
    assert received.judge(moment.replace(tzinfo=None)).table("submissions").equals(here)
