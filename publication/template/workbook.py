"""The blank workbook itself: sheets, headers, what may be written where, and how it looks.

Belongs here: layout. What a cell accepts is in ``validation``, what is said of it in ``notes``, what is known
of it beforehand in ``prefill``.
"""

from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from ingestion.judging.contract import COVER, Field, Table, limits, workbook_tables
from ingestion.seeds import load_seed
from publication.template.notes import cell_message, header_note
from publication.template.prefill import Prefilled
from publication.template.validation import known_codes, validation_of

LAST_COLUMN = 16_383
"""The last column of a sheet (XFD), from 0."""

HIGHLIGHTED_ROWS = 5_000
"""So many rows show a required cell left blank in colour; more make a spreadsheet slow."""

NUMBER_FORMATS = {"text": "@", "enum": "@", "list": "@", "boolean": "@", "date": "yyyy-mm-dd"}
"""How cells show what is typed; a code stays text, so that no digit is lost. Numbers stay as they are."""

BOXES: dict[str, Any] = {"x_scale": 2.2, "y_scale": 1.4, "font_size": 9}

ROWS_MAY = {
    "insert_rows": True,
    "delete_rows": True,
    "format_cells": True,
    "format_columns": True,
    "format_rows": True,
    "sort": True,
    "autofilter": True,
}
"""What stays allowed on a protected sheet."""


class Looks:
    """The formats of one workbook."""

    def __init__(self, book: Workbook) -> None:
        """Make the formats of ``book``: headers locked, cells to fill open."""
        self._book = book
        header = {"bold": True, "text_wrap": True, "valign": "vcenter", "border": 1}
        self.required = book.add_format(header | {"bg_color": "#C00000", "font_color": "#FFFFFF"})
        self.optional = book.add_format(header | {"bg_color": "#D9E1F2"})
        self.locked = book.add_format({"locked": True})
        self.missing = book.add_format({"bg_color": "#FCE4D6"})
        self._cells: dict[tuple[str, bool], Format] = {}

    def header(self, field: Field) -> Format:
        """Give the format of a header."""
        return self.required if field.required else self.optional

    def cell(self, field: Field, *, framed: bool = False) -> Format:
        """Give the format of the cells of ``field``: open to write, shown as its type."""
        number_format = NUMBER_FORMATS.get(field.type, "General")
        key = number_format, framed
        if key not in self._cells:
            shown = {"locked": False, "num_format": number_format} | ({"border": 1} if framed else {})
            self._cells[key] = self._book.add_format(shown)
        return self._cells[key]


def write_template(path: Path, known: Prefilled) -> None:
    """Write the blank workbook to ``path``, with the cells that ``known`` tells already filled in."""
    with xlsxwriter.Workbook(str(path)) as book:
        book.set_properties({"title": "中外中小企业合作区材料模板"})
        looks = Looks(book)
        for table in workbook_tables().values():
            sheet = book.add_worksheet(table.title)
            write = _write_cover if table.name == COVER else _write_table
            write(sheet, table, looks, known)
            sheet.set_landscape()
            sheet.fit_to_pages(1, 0)
            sheet.protect("", ROWS_MAY)


def _write_cover(sheet: Worksheet, table: Table, looks: Looks, known: Prefilled) -> None:
    sheet.set_column(0, 0, 26, looks.locked)
    sheet.set_column(1, 1, 60, looks.locked)
    for row, field in enumerate(table.all_fields):
        sheet.write_string(row, 0, field.header, looks.header(field))
        sheet.write_comment(row, 0, header_note(table, field), BOXES)
        _write_known(sheet, row, field, known.cover.get(field.name), looks.cell(field, framed=True))
        _validate(sheet, (row, 1, row, 1), table, field, _codes(field, known))
    required = [row for row, field in enumerate(table.all_fields) if field.required]
    for row in required:
        blank = {"type": "blanks", "format": looks.missing}
        sheet.conditional_format(row, 1, row, 1, blank)


def _write_known(sheet: Worksheet, row: int, field: Field, value: str | int | None, look: Format) -> None:
    if value is None:
        sheet.write_blank(row, 1, None, look)
    elif field.type == "integer":
        sheet.write_number(row, 1, int(value), look)
    else:
        sheet.write_string(row, 1, str(value), look)


def _codes(field: Field, known: Prefilled) -> list[str]:
    """Give the codes that this template's cover lists: the known zones, the authority's own divisions."""
    if field.name == "zone_id":
        return list(known.zones)
    authority = known.cover.get("authority_code")
    if field.name == "prefecture_code" and authority is not None:
        return load_seed("prefectures").filter(authority_code=authority)["prefecture_code"].to_list()
    return known_codes(COVER, field.name)


def _write_table(sheet: Worksheet, table: Table, looks: Looks, _: Prefilled) -> None:
    # Rows are open over their whole width, else no row could be inserted or deleted; row 1 is locked over its
    # whole width, so that no header beyond the contract can be added.
    sheet.set_column(0, LAST_COLUMN, None, looks.cell(table.all_fields[0]))
    sheet.set_row(0, 34, looks.locked)
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    last = limits()["max_rows"] - 1
    for column, field in enumerate(table.all_fields):
        sheet.set_column(column, column, _width(field), looks.cell(field))
        sheet.write_string(0, column, field.header, looks.header(field))
        sheet.write_comment(0, column, header_note(table, field), BOXES)
        _validate(sheet, (1, column, last, column), table, field)
    _highlight_missing(sheet, table, looks)


def _width(field: Field) -> int:
    return max(14, 2 * len(field.header) + 2) if field.type != "text" or field.is_code else 28


def _highlight_missing(sheet: Worksheet, table: Table, looks: Looks) -> None:
    """Colour the required cells that are blank in a row that holds anything."""
    last_letter = chr(ord("A") + len(table.all_fields) - 1)
    for column, field in enumerate(table.all_fields):
        if not field.required:
            continue
        letter = chr(ord("A") + column)
        formula = f"=AND(COUNTA($A2:${last_letter}2)>0,LEN(TRIM({letter}2))=0)"
        rule = {"type": "formula", "criteria": formula, "format": looks.missing}
        sheet.conditional_format(1, column, HIGHLIGHTED_ROWS, column, rule)


def _validate(
    sheet: Worksheet,
    place: tuple[int, int, int, int],
    table: Table,
    field: Field,
    codes: list[str] | None = None,
) -> None:
    criteria = validation_of(table, field, codes or [])
    message = cell_message(table, field)
    words = {
        "input_title": field.header[:32],
        "input_message": message,
        "error_title": field.header[:32],
        "error_message": message,
    }
    sheet.data_validation(*place, {**(criteria or {"validate": "any"}), **words})
