"""Findings and marts as office software opens them: ``exports/<authority>/`` with CSV files and a workbook.

Belongs here: which mart's rows are whose, and how a value leaves so that no spreadsheet runs it. Every mart
that tells of zones, submissions or authorities leaves; the others are in Parquet. A CSV file holds all rows,
exactly; the workbook shows the first of them, with numbers as a spreadsheet has them.
"""
# ruff: noqa: S608 - names in the SQL are this module's and the catalogue's

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook

from publication.desk import MINISTRY
from publication.wording import FORMULA_STARTS, as_spreadsheet_text
from publication.workbook_limits import workbook_limit

EXPORTS = "exports"
WORKBOOK = "marts.xlsx"
NOTES = "说明"

OWNERS = {
    "submission_id": "of_submission.authority_code",
    "zone_id": "of_zone.authority_code",
    "assessment_id": "of_zone.authority_code",
    "authority_code": "known.authority_code",
}
"""What tells a row's authority by a column of its mart; of several, the first that tells one counts."""

JOINS = {
    "submission_id": "left join authority_of_submission as of_submission"
    " on rows.submission_id = of_submission.submission_id",
    "zone_id": "left join authority_of_zone as of_zone on rows.zone_id = of_zone.zone_id",
    "assessment_id": "left join authority_of_zone as of_zone"
    " on split_part(rows.assessment_id, '|', 1) = of_zone.zone_id",
    "authority_code": "left join known_authorities as known on rows.authority_code = known.authority_code",
}

OWNER = "owner of the row"
"""The column that says whose a row is; no mart has one of that name."""

ABOUT_EVERYBODY = "authorities"
"""The mart with a row for each authority: alone it makes nobody a folder."""

ROWS_AT_ONCE = 200_000
"""A larger mart is fetched an authority at a time, so that memory does not follow its size."""


@dataclass(frozen=True)
class _Part:
    """What one authority has of one mart: all its ``rows``, of which a sheet shows those of ``shown``."""

    mart: str
    rows: int
    shown: pl.DataFrame


def write_exports(desk: duckdb.DuckDBPyConnection, folder: Path, *, as_of: datetime) -> None:
    """Write ``exports/`` into the release at ``folder``; ``desk`` is that of ``publication.desk``.

    An authority's folder holds ``<mart>.csv`` (UTF-8 with a byte-order mark) of every mart in which it has
    rows, and ``marts.xlsx``. ``as_of`` is the moment that the workbook names.
    """
    (folder / EXPORTS).mkdir()
    most = workbook_limit("max_exported_rows")
    parts: dict[str, list[_Part]] = {}
    for mart, columns in sorted(_marts(desk), key=lambda named: (named[0] == ABOUT_EVERYBODY, named[0])):
        for authority, rows in _by_owner(desk, mart, columns):
            if mart == ABOUT_EVERYBODY and authority not in parts:
                continue
            own = folder / EXPORTS / authority
            own.mkdir(exist_ok=True)
            as_csv(rows).write_csv(own / f"{mart}.csv", include_bom=True)
            parts.setdefault(authority, []).append(_Part(mart, rows.height, rows.head(most)))
    for authority, own_parts in parts.items():
        _write_workbook(folder / EXPORTS / authority / WORKBOOK, authority, own_parts, as_of)


def _marts(desk: duckdb.DuckDBPyConnection) -> list[tuple[str, list[str]]]:
    """Give the marts whose rows belong to authorities, each with its columns."""
    found = desk.execute(
        "select table_name, list(column_name) from duckdb_columns()"
        " where database_name = 'release' and schema_name = 'marts' group by table_name"
    ).fetchall()
    return [(mart, columns) for mart, columns in found if OWNERS.keys() & set(columns)]


def _by_owner(
    desk: duckdb.DuckDBPyConnection, mart: str, columns: Sequence[str]
) -> Iterator[tuple[str, pl.DataFrame]]:
    """Give the rows of ``mart`` by authority, in the order of all columns."""
    keys = [column for column in OWNERS if column in columns]
    if "zone_id" in keys and "assessment_id" in keys:
        keys.remove("assessment_id")
    told = ", ".join(OWNERS[key] for key in keys)
    rows = (
        f'select coalesce({told}, \'{MINISTRY}\') as "{OWNER}", rows.* from release.marts."{mart}" as rows '
        + " ".join(JOINS[key] for key in keys)
    )
    counted = desk.execute(f'select "{OWNER}", count(*) from ({rows}) group by all order by all').fetchall()
    if sum(count for _, count in counted) <= ROWS_AT_ONCE:
        frame = desk.execute(f"{rows} order by all").pl()
        for (owner,), own in frame.partition_by(OWNER, as_dict=True, include_key=False).items():
            yield str(owner), own
        return
    for owner, _ in counted:
        query = f'select * exclude ("{OWNER}") from ({rows}) where "{OWNER}" = ? order by all'
        yield owner, desk.execute(query, [owner]).pl()


def as_csv(rows: pl.DataFrame) -> pl.DataFrame:
    """Give ``rows`` as a CSV file for office software holds them.

    Text that a spreadsheet would run is led by an apostrophe; a decimal has no zeros behind it.
    """
    return rows.with_columns(
        cell for name, kind in rows.schema.items() if (cell := _csv_cell(name, kind)) is not None
    )


def _csv_cell(name: str, kind: pl.DataType) -> pl.Expr | None:
    column = pl.col(name)
    if isinstance(kind, pl.String):
        runs = column.str.slice(0, 1).is_in(list(FORMULA_STARTS))
        return pl.when(runs).then(pl.concat_str(pl.lit("'"), column)).otherwise(column).alias(name)
    if isinstance(kind, pl.Decimal) and kind.scale:
        return column.cast(pl.String).str.strip_chars_end("0").str.strip_chars_end(".")
    return None


def _write_workbook(path: Path, authority: str, parts: Sequence[_Part], as_of: datetime) -> None:
    with xlsxwriter.Workbook(str(path), {"in_memory": True}) as book:
        bold = book.add_format({"bold": True, "bg_color": "#D9E1F2"})
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        _write_notes(book, authority, parts, as_of, bold)
        for part in parts:
            columns = part.shown.columns
            sheet = book.add_worksheet(part.mart)
            sheet.freeze_panes(1, 0)
            sheet.set_column(0, len(columns) - 1, 18)
            sheet.write_row(0, 0, columns, bold)
            for number, row in enumerate(part.shown.iter_rows(), start=1):
                for column, value in enumerate(row):
                    _write_cell(sheet, (number, column), value, day, moment)
            sheet.autofilter(0, 0, part.shown.height, len(columns) - 1)


def _write_notes(
    book: Workbook, authority: str, parts: Sequence[_Part], as_of: datetime, bold: Format
) -> None:
    sheet = book.add_worksheet(NOTES)
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 3, 22)
    sheet.write_row(0, 0, ["主管部门 authority", authority], bold)
    sheet.write_row(1, 0, ["截至时点 as of", f"{as_of:%Y-%m-%d %H:%M:%S}"])
    sheet.write_row(3, 0, ["工作表 sheet", "行数 rows", "所列行数 rows shown", "备注 note"], bold)
    for number, part in enumerate(parts, start=4):
        shown = part.shown.height
        note = "" if shown == part.rows else f"全部各行见 {part.mart}.csv / all rows are in the CSV file"
        sheet.write_row(number, 0, [part.mart, part.rows, shown, note])


def _write_cell(sheet: Any, place: tuple[int, int], value: Any, day: Format, moment: Format) -> None:
    """Write a value in its type; text as text, whatever it begins with, cut to what a cell holds."""
    if value is None:
        return
    if isinstance(value, bool):
        sheet.write_boolean(*place, value)
    elif isinstance(value, int | float | Decimal):
        sheet.write_number(*place, value)
    elif isinstance(value, datetime):
        sheet.write_datetime(*place, value, moment)
    elif isinstance(value, date):
        sheet.write_datetime(*place, value, day)
    else:
        text = as_spreadsheet_text(str(value))
        longest = workbook_limit("max_cell_characters")
        cut = text if len(text) <= longest else text[:longest] + f"…（{len(text)} 字 / chars）"
        sheet.write_string(*place, cut)
