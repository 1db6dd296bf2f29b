"""From what a workbook says to its bytes, by the contract's sheets and headers.

Belongs here: cells, sheets and the .xlsx container, the same bytes for the same content. Does not belong
here: what is said (submissions) or spoilt (dirt).
"""

import io
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from ingestion.sample.facts import headers, sheet_names
from ingestion.sample.submissions import Content

CREATED_AT = datetime(2024, 9, 3, tzinfo=UTC)
DATE_FORMATS = ("yyyy-mm-dd", "yyyy/m/d", "m/d/yy")


@dataclass(frozen=True)
class Formula:
    """A formula and the value stored beside it; ``None``: none is stored."""

    text: str
    value: str | float | None = None


@dataclass(frozen=True)
class EmptyCell:
    """A cell that is there, formatted, and holds nothing."""


@dataclass
class Sheet:
    """A sheet: its name, its rows from row 1, and further cells far from them as (row, column) from 1."""

    name: str
    rows: list[list[object]]
    far_cells: dict[tuple[int, int], object] = field(default_factory=dict)
    merged_titles: list[str] = field(default_factory=list)


def write_date(day: date, form: int) -> object:
    """Give ``day`` in one of the accepted ways to write it: a date cell or one of three texts."""
    ways = (
        day,
        day.isoformat(),
        f"{day.year}/{day.month}/{day.day}",
        f"{day.year}年{day.month}月{day.day}日",
    )
    return ways[form % len(ways)]


def lay_out(content: Content, date_form: int) -> list[Sheet]:
    """Give the sheets of the contract, in order, filled with ``content``."""

    def cell(value: object) -> object:
        return write_date(value, date_form) if isinstance(value, date) else value

    sheets = []
    for table, name in sheet_names().items():
        titles = headers(table)
        if table == "cover":
            rows: list[list[object]] = [
                [title, cell(content.cover.get(name))] for name, title in titles.items()
            ]
        else:
            rows = [list(titles.values())]
            rows += [[cell(row.get(name)) for name in titles] for row in content.tables[table]]
        sheets.append(Sheet(name, rows))
    return sheets


def workbook_bytes(sheets: list[Sheet]) -> bytes:
    """Give the workbook; the same sheets give the same bytes in every process."""
    buffer = io.BytesIO()
    workbook = xlsxwriter.Workbook(buffer, {"in_memory": True})
    workbook.set_properties({"title": "样例（虚构）", "created": CREATED_AT.replace(tzinfo=None)})
    formats = [workbook.add_format({"num_format": text}) for text in DATE_FORMATS]
    for sheet in sheets:
        worksheet = workbook.add_worksheet(sheet.name)
        _write_sheet(worksheet, sheet, formats)
    workbook.close()
    return buffer.getvalue()


def _write_sheet(worksheet: Worksheet, sheet: Sheet, formats: list[Format]) -> None:
    first = len(sheet.merged_titles)
    widest = max((len(row) for row in sheet.rows), default=1)
    for number, title in enumerate(sheet.merged_titles):
        worksheet.merge_range(number, 0, number, max(1, widest - 1), title)
    for number, row in enumerate(sheet.rows, start=first):
        for column, value in enumerate(row):
            if value is not None:
                _write_cell(worksheet, number, column, value, formats)
    for (row_number, column_number), value in sheet.far_cells.items():
        _write_cell(worksheet, row_number - 1, column_number - 1, value, formats)


def _write_cell(worksheet: Worksheet, row: int, column: int, value: object, formats: list[Format]) -> None:
    if isinstance(value, str):
        worksheet.write_string(row, column, value)
    elif isinstance(value, int | float):
        worksheet.write_number(row, column, value)
    elif isinstance(value, date):
        worksheet.write_datetime(row, column, value, formats[row % len(formats)])
    elif isinstance(value, Formula):
        worksheet.write_formula(row, column, value.text, None, "" if value.value is None else value.value)
    elif isinstance(value, EmptyCell):
        worksheet.write_blank(row, column, None, formats[0])
    else:
        raise TypeError(f"row {row + 1}, column {column + 1}: no way to write {value!r}")
