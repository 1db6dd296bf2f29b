"""A completed answer sheet: read, held to what the ledger is held to, and written as the ledger's CSV file.

Belongs here: from cells to rows of the ledger and from objections back to cells. The ledger's own rules are
asked of ``ingestion.judging``, so that none is written twice.
"""

import csv
import io
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
from openpyxl.utils.cell import coordinate_to_tuple

from ingestion.judging.contract import ledgers
from ingestion.judging.ledger_verdicts import judge_ledger
from ingestion.judging.readings import column_letter, open_reading
from ingestion.reading.cells import TEXT_OF
from ingestion.reading.contract import reading_limits
from ingestion.reading.csv_file import read_csv
from ingestion.reading.lake import RefusedError
from ingestion.reading.package import open_package
from ingestion.seeds import load_seed
from publication.answers.columns import EXPIRES_ON, KEY, LEDGER, RECORDED_AT, SHEET, answer_columns, field_of

HEADER_ROW = 1


class UnreadableAnswersError(Exception):
    """The sheet can't be read at all; the message is Chinese, then English."""


@dataclass(frozen=True)
class Objection:
    """What is wrong with an answer, at which ``cell`` of the sheet."""

    cell: str
    message_zh: str
    message_en: str


@dataclass(frozen=True)
class CompletedAnswers:
    """``rows``: what was answered, fields to texts; ``unanswered``: how many findings were left open."""

    rows: tuple[dict[str, str], ...]
    objections: tuple[Objection, ...]
    unanswered: int

    def as_csv(self) -> bytes:
        """Give the ledger's CSV file: its columns and nothing else, so that nothing in it is a finding."""
        return _as_csv(self.rows)


@dataclass(frozen=True)
class _Sheet:
    """The answered rows by row number, the column of each field, and how many rows hold no answer."""

    rows: dict[int, dict[str, str]]
    columns: dict[str, int]
    unanswered: int


def read_answers(
    path: Path, *, known_ids: frozenset[str] | None, recorded_at: datetime, scratch: Path
) -> CompletedAnswers:
    """Read the completed sheet at ``path`` and hold it to the ledger's rules.

    ``known_ids`` are the findings that may be answered (``None``: any); ``recorded_at`` (aware) stands where
    nobody wrote one; ``scratch`` is an empty folder. Raises ``UnreadableAnswersError``.
    """
    sheet = _read_sheet(path, recorded_at)
    objections = [
        *_repeated(sheet),
        *_unknown(sheet, known_ids),
        *_judged(sheet, recorded_at.date(), scratch),
    ]
    objections.sort(key=lambda objection: coordinate_to_tuple(objection.cell))
    return CompletedAnswers(tuple(sheet.rows.values()), tuple(objections), sheet.unanswered)


def _read_sheet(path: Path, recorded_at: datetime) -> _Sheet:
    cells = _cells(path)
    header = next(cells, ())
    found = [(field_of(value), place) for place, value in enumerate(header, start=1)]
    columns: dict[str, int] = {}
    for field, place in found:
        if field in columns:
            raise _unreadable("repeated_column", field)
        if field is not None:
            columns[field] = place
    for column in answer_columns():
        if column.field not in columns:
            raise _unreadable("no_column", column.header)
    rows, unanswered = {}, 0
    for number, values in enumerate(cells, start=HEADER_ROW + 1):
        texts = {field: _text(values[place - 1]) for field, place in columns.items() if place <= len(values)}
        if any(text for field, text in texts.items() if field != KEY):
            texts[RECORDED_AT] = texts.get(RECORDED_AT) or recorded_at.isoformat()
            rows[number] = texts
        elif texts.get(KEY):
            unanswered += 1
    return _Sheet(rows, columns, unanswered)


def _cells(path: Path) -> Any:
    """Give the rows of the sheet's values."""
    try:
        with open_package(path, reading_limits()):
            pass
    except RefusedError as error:
        raise _unreadable("cannot_open", error.refusal.case) from error
    try:
        with warnings.catch_warnings(action="ignore"):  # of looks that the library does not know
            book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except Exception as error:
        # Whatever the library raises on bytes that are no sound workbook; the cause stays attached.
        raise _unreadable("cannot_open", type(error).__name__) from error
    if SHEET not in book.sheetnames:
        raise _unreadable("no_sheet", SHEET)
    return book[SHEET].iter_rows(values_only=True)


def _text(value: object) -> str:
    """Give the text of a cell; of a date cell that has a time of day both."""
    if value is None:
        return ""
    if isinstance(value, datetime) and value.time() != datetime.min.time():
        return value.isoformat()
    return (TEXT_OF[type(value)](value) or "").strip()


def _repeated(sheet: _Sheet) -> Iterable[Objection]:
    first: dict[str, int] = {}
    for number, row in sheet.rows.items():
        failure_id = row.get(KEY, "")
        if failure_id and failure_id in first:
            yield _objection(sheet, number, "repeated_answer", failure_id, other_row=first[failure_id])
        first.setdefault(failure_id, number)


def _unknown(sheet: _Sheet, known_ids: frozenset[str] | None) -> Iterable[Objection]:
    for number, row in sheet.rows.items():
        failure_id = row.get(KEY, "")
        if known_ids is not None and failure_id and failure_id not in known_ids:
            yield _objection(sheet, number, "unknown_failure", failure_id)


def _judged(sheet: _Sheet, day: date, scratch: Path) -> Iterable[Objection]:
    """Ask the ledger's own rules of the CSV file that would be written; ``day`` is that of registration."""
    if not sheet.rows:
        return
    numbers = list(sheet.rows)
    file = scratch / "answers.csv"
    file.write_bytes(_as_csv(sheet.rows.values()))
    read_csv(file, scratch / "reading")
    verdict = judge_ledger(ledgers()[LEDGER], [open_reading("answers", scratch / "reading")])
    for finding in verdict["findings"].iter_rows(named=True):
        place = sheet.columns.get(finding["field"] or KEY, 1)
        number = numbers[finding["row_number"] - HEADER_ROW - 1]
        yield Objection(f"{column_letter(place)}{number}", finding["message_zh"], finding["message_en"])
    expired = verdict["rows"].filter(pl.col(EXPIRES_ON) < day).select("row_number", EXPIRES_ON)
    for row_number, expires_on in expired.iter_rows():
        number = numbers[row_number - HEADER_ROW - 1]
        yield _objection(sheet, number, "expired_already", str(expires_on), field=EXPIRES_ON, day=day)


def _as_csv(rows: Iterable[dict[str, str]]) -> bytes:
    text = io.StringIO(newline="")
    names = [field.name for field in ledgers()[LEDGER].fields]
    writer = csv.DictWriter(text, names, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def _objection(
    sheet: _Sheet, number: int, case: str, value: str, *, field: str = KEY, **places: object
) -> Objection:
    zh, en = _worded(case, value, **places)
    return Objection(f"{column_letter(sheet.columns[field])}{number}", zh, en)


def _unreadable(case: str, value: object) -> UnreadableAnswersError:
    return UnreadableAnswersError("\n".join(_worded(case, value)))


def _worded(case: str, value: object, **places: object) -> tuple[str, str]:
    zh, en = load_seed("answer_messages").filter(case_id=case).select("message_zh", "message_en").row(0)
    filled = {"value": value, **places}
    return zh.format(**filled), en.format(**filled)
