"""What can be done to a workbook before it is written: to its content, its sheets or its bytes.

Every edit is a function of this module, so that a planned workbook can be sent to another process.
"""

import io
import re
import zipfile
from collections.abc import Callable, Iterable

from ingestion.sample.enterprises import Row
from ingestion.sample.facts import headers, sheet_names
from ingestion.sample.submissions import Content
from ingestion.sample.workbooks import Sheet

ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)


def edit_cover(content: Content, **changes: object) -> None:
    """Change fields of the cover."""
    content.cover |= changes


def edit_row(content: Content, *, table: str, number: int, **changes: object) -> None:
    """Change fields of the row ``number`` (from 0, negative from the end) of a table."""
    content.tables[table][number] |= changes


def edit_small_enterprise(content: Content, *, of_year: int, number: int, **changes: object) -> None:
    """Change the roster row of the year's enterprise that is ``number``-th in revenue from below."""
    rows = [row for row in content.tables["roster"] if row["year"] == of_year]
    rows.sort(key=lambda row: (_number(row["revenue_wan"]), str(row["uscc"])))
    rows[number] |= changes


def repeat_small_enterprise(content: Content, *, of_year: int, number: int) -> None:
    """Append the roster row of such an enterprise a second time."""
    rows = [row for row in content.tables["roster"] if row["year"] == of_year]
    rows.sort(key=lambda row: (_number(row["revenue_wan"]), str(row["uscc"])))
    content.tables["roster"].append(dict(rows[number]))


def _number(value: object) -> float:
    return value if isinstance(value, int | float) else float("inf")


def edit_every(
    content: Content, *, table: str, step: int, field: str, write: Callable[[object], object]
) -> None:
    """Write ``field`` of each ``step``-th row of a table another way."""
    for row in content.tables[table][::step]:
        row[field] = write(row[field])


def scale_row(content: Content, *, table: str, number: int, field: str, factor: float) -> None:
    """Multiply a number of one row."""
    row = content.tables[table][number]
    row[field] = round(_number(row[field]) * factor, 2)


def append_row(content: Content, *, table: str, row: Row) -> None:
    """Append a row to a table."""
    content.tables[table].append(dict(row))


def insert_blank_row(content: Content, *, table: str, number: int) -> None:
    """Put a wholly blank row before the row ``number`` (from 0)."""
    content.tables[table].insert(number, {})


def drop_rows(content: Content, *, table: str, number: int | None = None, year: int | None = None) -> None:
    """Drop the row ``number`` of a table, or every row of ``year``."""
    rows = content.tables[table]
    content.tables[table] = [
        row
        for place, row in enumerate(rows)
        if place != number and not (year is not None and row.get("year") == year)
    ]


def keep_rows(content: Content, *, table: str, count: int) -> None:
    """Keep the first ``count`` rows of a table."""
    del content.tables[table][count:]


def sheet_of(sheets: Iterable[Sheet], table: str) -> Sheet:
    """Give the sheet of the table by its name in the contract."""
    return next(sheet for sheet in sheets if sheet.name == sheet_names()[table])


def drop_sheet(sheets: list[Sheet], *, table: str) -> None:
    """Drop a sheet."""
    sheets.remove(sheet_of(sheets, table))


def rename_sheet(sheets: list[Sheet], *, table: str, name: str) -> None:
    """Give a sheet another name."""
    sheet_of(sheets, table).name = name


def add_sheets(sheets: list[Sheet], *, names: tuple[str, ...]) -> None:
    """Append sheets with one cell each."""
    sheets += [Sheet(name, [["样例"]]) for name in names]


def repeat_sheet(sheets: list[Sheet], *, table: str, name: str) -> None:
    """Append a sheet's copy under another name."""
    sheets.append(Sheet(name, sheet_of(sheets, table).rows))


def rename_header(sheets: list[Sheet], *, table: str, field: str, name: str | None) -> None:
    """Give a header (or cover key) another name; ``None``: leave it blank."""
    sheet, title = sheet_of(sheets, table), headers(table)[field]
    if table == "cover":
        next(row for row in sheet.rows if row[0] == title)[0] = name
    else:
        sheet.rows[0][sheet.rows[0].index(title)] = name


def append_column(sheets: list[Sheet], *, table: str, header: str, value: object) -> None:
    """Append a column (on the cover a key) with ``value`` in every row."""
    sheet = sheet_of(sheets, table)
    if table == "cover":
        sheet.rows.append([header, value])
        return
    sheet.rows[0].append(header)
    for row in sheet.rows[1:]:
        row.append(value)


def merge_titles(sheets: list[Sheet], *, table: str, titles: tuple[str, ...]) -> None:
    """Put merged title rows above the headers."""
    sheet_of(sheets, table).merged_titles += titles


def put_far_cell(sheets: list[Sheet], *, table: str, row: int, column: int, value: object) -> None:
    """Put a cell far from the table; row and column count from 1."""
    sheet_of(sheets, table).far_cells[row, column] = value


def cut_short(content: bytes) -> bytes:
    """Keep the first half of the bytes."""
    return content[: len(content) // 2]


def rewrite_parts(
    content: bytes, *, write: Callable[[str, bytes], bytes | None], added: tuple[tuple[str, bytes], ...] = ()
) -> bytes:
    """Write the zip anew, each part through ``write`` (``None`` drops it), then the ``added`` ones."""
    rewritten = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(rewritten, "w") as new:
        parts = [(part.filename, write(part.filename, old.read(part))) for part in old.infolist()]
        for name, data in [*parts, *added]:
            if data is not None:
                new.writestr(zipfile.ZipInfo(name, ZIP_EPOCH), data, zipfile.ZIP_DEFLATED)
    return rewritten.getvalue()


def drop_stored_values(name: str, data: bytes) -> bytes:
    """Drop the stored values of formulas that have an empty one."""
    if not name.startswith("xl/worksheets/"):
        return data
    return re.sub(rb' t="str"(><f>[^<]*</f>)<v></v>', rb"\1", data)


def allow_macros(name: str, data: bytes) -> bytes:
    """Declare the workbook one with macros."""
    if name != "[Content_Types].xml":
        return data
    return data.replace(
        b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
        b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
    )


def drop_workbook_parts(name: str, data: bytes) -> bytes | None:
    """Drop all that makes a zip a workbook."""
    return None if name.startswith(("xl/", "[", "_rels")) else data


def declare_size(content: bytes, *, size: int) -> bytes:
    """Make the zip's directory declare ``size`` bytes for its first part, as a bomb would."""
    place = content.index(b"PK\x01\x02")
    return content[: place + 24] + size.to_bytes(4, "little") + content[place + 28 :]
