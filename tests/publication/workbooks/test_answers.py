"""Answer sheets: what is open is offered, what is completed is held to the ledger's rules and written."""

import csv
import io
from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import polars as pl
import pytest

from ingestion.judging.contract import ledgers
from ingestion.judging.ledger_verdicts import judge_ledger
from ingestion.judging.readings import open_reading
from ingestion.reading.csv_file import read_csv
from publication import site
from publication.answers.columns import answer_columns, field_of
from publication.answers.completed import CompletedAnswers, UnreadableAnswersError, read_answers
from publication.answers.known import known_failures
from publication.workbook_limits import workbook_limit

NOW = datetime(2026, 7, 1, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
FIELDS = [column.field for column in answer_columns()]
ANSWER = {"disposition": "confirmed_correct", "officer": "王某", "reason": "已核对"}

Desk = Callable[..., Path]
Complete = Callable[[Mapping[int, Mapping[str, Any]]], Path]
Read = Callable[..., CompletedAnswers]


@pytest.fixture
def offered(make_night: Callable[..., Any], desk_files: Desk) -> Path:
    """Give the answer sheet of 320000: an open Q, M, V and S finding and one that is answered."""
    night = make_night()
    night.quality_failures = [
        night.finding("c" * 32, "V04"),
        night.finding("a" * 32, "Q01", value="=1+1"),
        night.finding("d" * 32, "S02", row=None),
        night.finding("b" * 32, "M05"),
        night.finding("e" * 32, "Q02", disposition="waived"),
    ]
    return desk_files(night) / "answers" / "320000.xlsx"


@pytest.fixture
def complete(offered: Path, tmp_path: Path) -> Complete:
    """Give a completer of the sheet: row → field → value."""

    def completed(rows: Mapping[int, Mapping[str, Any]]) -> Path:
        book = openpyxl.load_workbook(offered)
        for row, cells in rows.items():
            for field, value in cells.items():
                book["处理意见"].cell(row, FIELDS.index(field) + 1, value)
        path = tmp_path / "completed.xlsx"
        book.save(path)
        return path

    return completed


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Read a completed sheet; every finding that is offered is known."""

    def reading(path: Path, known: frozenset[str] | None = frozenset(each * 32 for each in "abcd")) -> Any:
        scratch = tmp_path / "reading"
        scratch.mkdir()
        return read_answers(path, known_ids=known, recorded_at=NOW, scratch=scratch)

    return reading


def objections(completed: CompletedAnswers) -> list[tuple[str, str]]:
    return [(each.cell, each.message_en) for each in completed.objections]


def test_open_findings_are_offered_what_asks_for_an_answer_first(offered: Path) -> None:
    sheet = openpyxl.load_workbook(offered)["处理意见"]
    assert [sheet.cell(row, 1).value[0] for row in range(2, 6)] == ["a", "b", "c", "d"]
    assert sheet.cell(6, 1).value is None


def test_answers_are_open_to_write_and_all_else_is_locked(offered: Path) -> None:
    sheet = openpyxl.load_workbook(offered)["处理意见"]
    assert sheet.protection.sheet
    assert sheet["A2"].protection.locked
    widths = sheet.column_dimensions
    is_locked = {
        letter: dimension.protection.locked for letter, dimension in widths.items() if dimension.width != 13
    }
    assert not is_locked["B"]
    assert is_locked["H"]


def test_the_disposition_is_a_list_of_the_ledgers_values(offered: Path) -> None:
    sheet = openpyxl.load_workbook(offered)["处理意见"]
    lists = [each for each in sheet.data_validations.dataValidation if each.type == "list"]
    assert [(str(each.sqref), each.formula1) for each in lists] == [
        ("B2:B5", '"confirmed_correct,correction_requested,waived"')
    ]


def test_what_stands_beside_an_answer_never_runs(offered: Path) -> None:
    cells = [cell for row in openpyxl.load_workbook(offered)["处理意见"].iter_rows() for cell in row]
    assert "f" not in {cell.data_type for cell in cells}
    assert "'=1+1" in {cell.value for cell in cells}


def test_every_column_to_fill_is_a_field_of_the_ledger_and_is_found_again_by_its_header() -> None:
    names = {field.name for field in ledgers()["dispositions"].fields}
    assert {column.field for column in answer_columns()} == names - {"void"}
    assert [field_of(column.header) for column in answer_columns()] == FIELDS


def test_site_and_answer_sheet_call_officer_and_approver_the_same() -> None:
    with (Path(site.__file__).parent / "labels.csv").open(encoding="utf-8", newline="") as labels:
        on_site = {row[0]: row[1] for row in csv.reader(labels)}
    in_sheet = {column.field: column.label for column in answer_columns()}
    for field in ("officer", "approver"):
        assert on_site[f"answers.{field}"] == in_sheet[field]


def test_answers_become_the_ledgers_file_without_the_columns_beside(complete: Complete, read: Read) -> None:
    waiver = ANSWER | {"disposition": "waived", "approver": "李某", "expires_on": date(2027, 1, 1)}
    completed = read(complete({2: ANSWER, 4: waiver}))
    assert completed.objections == ()
    assert completed.unanswered == 2
    written = list(csv.DictReader(io.StringIO(completed.as_csv().decode("utf-8-sig"))))
    assert list(written[0]) == [field.name for field in ledgers()["dispositions"].fields]
    assert [row["failure_id"][0] for row in written] == ["a", "c"]
    assert written[1]["expires_on"] == "2027-01-01"
    assert {row["recorded_at"] for row in written} == {"2026-07-01T09:30:00+08:00"}


def test_the_night_takes_the_file_without_a_finding(complete: Complete, read: Read, tmp_path: Path) -> None:
    file = tmp_path / "answers.csv"
    file.write_bytes(read(complete({2: ANSWER | {"reason": "含逗号,和“引号”\n换行"}})).as_csv())
    read_csv(file, tmp_path / "ledger")
    verdict = judge_ledger(ledgers()["dispositions"], [open_reading("f", tmp_path / "ledger")])
    assert verdict["findings"].is_empty()
    assert verdict["extras"].is_empty()
    assert verdict["rows"]["reason"].to_list() == ["含逗号,和“引号”\n换行"]


def test_a_moment_that_somebody_wrote_stays(complete: Complete, read: Read) -> None:
    written = ANSWER | {"recorded_at": datetime(2026, 6, 30, 17, 5)}  # noqa: DTZ001  as a cell has it
    assert read(complete({2: written})).rows[0]["recorded_at"] == "2026-06-30T17:05:00"


def test_a_sheet_without_answers_is_no_error(complete: Complete, read: Read) -> None:
    completed = read(complete({}))
    assert (completed.rows, completed.objections, completed.unanswered) == ((), (), 4)


@pytest.mark.parametrize(
    ("cells", "cell", "message"),
    [
        ({"reason": None}, "E3", "The required column reason is blank"),
        ({"officer": " "}, "C3", "The required column officer is blank"),
        ({"disposition": "fine"}, "B3", "not one of the listed values"),
        ({"disposition": "waived"}, "D3", "A waiver needs an approver"),
        ({"disposition": "waived", "approver": "王某"}, "D3", "another person than the officer"),
        ({"expires_on": "next year"}, "F3", "cannot be read as a date"),
        ({"recorded_at": "2026-07-01"}, "G3", "cannot be read as a moment"),
        ({"failure_id": "f" * 32}, "A3", "No finding of the current release has the id"),
    ],
)
def test_what_the_ledger_would_not_take_is_told_at_its_cell(
    complete: Complete, read: Read, cells: Mapping[str, Any], cell: str, message: str
) -> None:
    completed = read(complete({2: ANSWER, 3: ANSWER | dict(cells)}))
    ((place, told),) = objections(completed)
    assert place == cell
    assert message in told


@pytest.mark.parametrize(
    ("expires_on", "cells"),
    [(date(2026, 6, 30), ["F3"]), (date(2026, 7, 1), []), (date(2026, 7, 2), [])],
)
def test_an_answer_may_not_expire_before_the_day_of_registration(
    complete: Complete, read: Read, expires_on: date, cells: list[str]
) -> None:
    completed = read(complete({2: ANSWER, 3: ANSWER | {"expires_on": expires_on}}))
    assert [each.cell for each in completed.objections] == cells
    for each in completed.objections:
        assert "早于登记之日（2026-07-01）" in each.message_zh
        assert "before the day of registration (2026-07-01)" in each.message_en


def test_objections_stand_in_the_order_of_the_sheet(complete: Complete, read: Read) -> None:
    wrong = ANSWER | {"disposition": "fine", "officer": None}
    rows = {row: wrong | {"failure_id": f"{row:032}"} for row in (2, 10, 6)}
    told = read(complete(rows), known=frozenset())
    cells = [f"{column}{row}" for row in (2, 6, 10) for column in "ABC"]
    assert [each.cell for each in told.objections] == cells


def test_a_waiver_by_another_person_is_no_objection(complete: Complete, read: Read) -> None:
    assert read(complete({3: ANSWER | {"disposition": "waived", "approver": "李某"}})).objections == ()


def test_a_finding_answered_twice_is_told_once(complete: Complete, read: Read) -> None:
    completed = read(complete({2: ANSWER, 3: ANSWER | {"failure_id": "a" * 32}}))
    ((place, told),) = objections(completed)
    assert place == "A3"
    assert "see row 2" in told


def test_without_a_release_any_finding_may_be_answered(complete: Complete, read: Read) -> None:
    assert read(complete({2: ANSWER | {"failure_id": "f" * 32}}), known=None).objections == ()


def test_the_findings_that_may_be_answered_are_those_of_the_current_release(
    make_night: Callable[..., Any], tmp_path: Path
) -> None:
    assert known_failures(tmp_path / "home") is None
    night = make_night()
    night.quality_failures = [
        night.finding("a" * 32, "Q01"),
        night.finding("b" * 32, "Q01", disposition="waived"),
    ]
    night.publish()
    assert known_failures(night.home) == {"a" * 32, "b" * 32}


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda book: book.remove(book["处理意见"]), "has no sheet"),
        (lambda book: book["处理意见"].cell(1, 5, "理由"), "lacks the column 理由 reason"),
        (lambda book: book["处理意见"].cell(1, 30, "理由 reason"), "appears more than once"),
    ],
)
def test_a_sheet_that_is_not_the_offered_one_is_told(
    offered: Path, read: Read, tmp_path: Path, spoil: Callable[[Any], Any], message: str
) -> None:
    book = openpyxl.load_workbook(offered)
    spoil(book)
    book.save(tmp_path / "spoilt.xlsx")
    with pytest.raises(UnreadableAnswersError, match=message):
        read(tmp_path / "spoilt.xlsx")


def test_a_file_that_is_no_workbook_is_told(read: Read, tmp_path: Path) -> None:
    (tmp_path / "text.xlsx").write_text("failure_id", encoding="utf-8")
    with pytest.raises(UnreadableAnswersError, match="cannot be opened"):
        read(tmp_path / "text.xlsx")


def test_more_open_findings_than_a_sheet_offers_are_counted(
    make_night: Callable[..., Any], desk_files: Desk
) -> None:
    most = workbook_limit("max_offered_answers")
    night = make_night(
        extra_sql="insert into marts.quality_failures select cast(n as varchar), 'Q01', 'Q', '8', null,"
        " 'HZ32050001', 2025, '企业名录', n, 'x', 'v', 'e', 'zh', 'en', 'dbt', 'open'"
        f" from range({most + 2}) as numbers(n)"
    )
    path = desk_files(night) / "answers" / "320000.xlsx"
    last = list(openpyxl.load_workbook(path, read_only=True)["处理意见"].iter_rows(values_only=True))[-1]
    assert "另有 2 处未列出" in "".join(str(cell or "") for cell in last)


def test_every_row_of_the_ledger_that_the_night_sees_stands_in_the_history(
    make_night: Callable[..., Any], desk_files: Desk
) -> None:
    night = make_night()
    night.quality_failures = [night.finding("a" * 32, "Q01", disposition="waived")]
    ledger = night.scratch / "night" / "ledgers" / "dispositions.parquet"
    schema = pl.read_parquet(ledger).schema
    common = {"officer": "=王某", "reason": "理由", "ledger_file": "ledgers/d.csv"}
    rows = [("a", "waived", 2, 3, True), ("a", "confirmed_correct", 1, 2, False), ("9", "waived", 3, 4, True)]
    recorded = [
        common
        | {"failure_id": key * 32, "disposition": disposition, "row_number": number, "is_in_force": in_force}
        | {"recorded_at": datetime(2026, 5, day)}  # noqa: DTZ001  the night holds Shanghai's wall clock
        for key, disposition, day, number, in_force in rows
    ]
    pl.DataFrame(recorded, schema=schema).write_parquet(ledger)
    folder = desk_files(night) / "answers"
    text = (folder / "history.csv").read_text(encoding="utf-8-sig")
    history = list(csv.DictReader(io.StringIO(text)))
    told = [
        (row["failure_id"][0], row["disposition"], row["is_in_force"], row["authority_code"])
        for row in history
    ]
    assert told == [
        ("9", "waived", "true", "000000"),
        ("a", "waived", "true", "320000"),
        ("a", "confirmed_correct", "false", "320000"),
    ]
    assert {row["officer"] for row in history} == {"'=王某"}
    own = list(openpyxl.load_workbook(folder / "320000.xlsx")["历史"].iter_rows(min_row=2, values_only=True))
    assert [row[5] for row in own] == ["waived", "confirmed_correct"]
