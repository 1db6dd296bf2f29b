"""Reading one workbook: every cell of every sheet of the contract, as text. Runs in a child process.

Belongs here: what calamine gives, laid out as ``lake/read`` wants it. Does not belong here: deciding
whether the bytes may be opened (``ingestion.reading.package``), processes (``ingestion.reading.new_files``).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

import polars as pl
import python_calamine as calamine

from ingestion.reading.cells import cell_text, column_text
from ingestion.reading.contract import ContractSheet, ReadingLimits, contract_sheets, reading_limits
from ingestion.reading.lake import (
    ERROR_MARK,
    PERSONAL_MASK,
    Column,
    Reading,
    RefusedError,
    Sheet,
    build_reading,
)
from ingestion.reading.names import fold_name
from ingestion.reading.package import Package, corrupt_when_malformed, open_package
from ingestion.reading.sheet_xml import check_extent, check_values, errors_as_text, find_errors

ROWS_AT_ONCE = 50_000

KEY, VALUE = 0, 1
"""The columns of a key-value sheet, from 0."""


def read_workbook(source: Path, built: Path) -> str | None:
    """Read the workbook ``source`` into the new folder ``built``; give its refusal's case."""
    try:
        reading = Reading("workbook", sheets=_read_sheets(source, reading_limits()))
    except RefusedError as refused:
        reading = Reading("workbook", refused.refusal)
    build_reading(reading, built)
    return reading.refusal.case if reading.refusal else None


def _read_sheets(source: Path, limits: ReadingLimits) -> list[Sheet]:
    with open_package(source, limits) as package:
        with corrupt_when_malformed():
            for declared in package.sheets:
                if declared.is_worksheet:
                    check_extent(package.archive, declared.part, limits)
        with source.open("rb") as stream:
            opened = open_workbook(stream)
        return [_read_sheet(package, opened, index, limits) for index in range(len(package.sheets))]


def _read_sheet(
    package: Package, opened: calamine.CalamineWorkbook, index: int, limits: ReadingLimits
) -> Sheet:
    declared = package.sheets[index]
    contract = contract_sheets().get(fold_name(declared.title))
    if contract is None:
        return Sheet(declared.title)
    if not declared.is_worksheet or any(sheet.title == declared.title for sheet in package.sheets[:index]):
        # A chart has no cells; and of two sheets with the very same title, which no spreadsheet program
        # writes, the library knows only the first.
        return Sheet(declared.title, contract.table_name)
    rows = read_rows(package, opened, index, limits)
    lay_out = _key_value if contract.is_key_value else _table
    return lay_out(declared.title, contract, rows)


@contextmanager
def _library_at_work() -> Iterator[None]:
    """Turn what the workbook library raises on bytes that it can't cope with into a refusal.

    Such are a number shown as hours that no clock can hold, and its panics, which have no importable type.
    """
    try:
        yield
    except calamine.PasswordError as error:
        raise RefusedError("encrypted") from error
    except (calamine.CalamineError, OverflowError) as error:
        raise RefusedError("corrupt", detail=error) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise RefusedError("corrupt", detail=error) from error


def open_workbook(stream: BinaryIO) -> calamine.CalamineWorkbook:
    """Open a workbook that ``open_package`` let pass; raise ``RefusedError`` where the library can't."""
    with _library_at_work():
        return calamine.CalamineWorkbook.from_filelike(stream)


def read_rows(
    package: Package, opened: calamine.CalamineWorkbook, index: int, limits: ReadingLimits
) -> Iterator[list[Any]]:
    """Give the rows of the sheet at ``index`` from row 1 and column A on, with its error cells marked."""
    part = package.sheets[index].part
    with corrupt_when_malformed():
        errors = find_errors(package.archive, part)
    try:
        cells = _load(opened, index)
    except RefusedError:
        if not errors:
            raise
        with corrupt_when_malformed():
            copy = errors_as_text(package.archive, part)
        cells = _load(open_workbook(copy), index)
    if cells.end is not None and (cells.end[0] >= limits.max_rows or cells.end[1] >= limits.max_columns):
        with corrupt_when_malformed():
            check_values(package.archive, part, limits)
    return _rows(cells, errors)


def _load(opened: calamine.CalamineWorkbook, index: int) -> calamine.CalamineSheet:
    with _library_at_work():
        return opened.get_sheet_by_index(index)


def _rows(cells: calamine.CalamineSheet, errors: dict[int, dict[int, str]]) -> Iterator[list[Any]]:
    before = [""] * (cells.start[1] if cells.start else 0)
    is_plain = not before and not errors
    with _library_at_work():
        for number, row in enumerate(cells.iter_rows()):
            yield row if is_plain else _marked(before + row, errors.get(number))


def _marked(row: list[Any], errors: dict[int, str] | None) -> list[Any]:
    for column, text in (errors or {}).items():
        row[column] = ERROR_MARK + text
    return row


def _table(title: str, contract: ContractSheet, rows: Iterator[list[Any]]) -> Sheet:
    """Lay out a sheet with headers in row 1: the columns of the contract, without wholly blank rows."""
    headers = [_header(value) for value in next(rows, [])]
    fields = [contract.fields.get(fold_name(header)) if header else None for header in headers]
    stored = [place for place, field in enumerate(fields) if field is not None]
    names = {place: f"c{number}" for number, place in enumerate(stored, start=1)}
    columns = [
        Column(place + 1, header, fields[place], names.get(place))
        for place, header in enumerate(headers)
        if header is not None
    ]
    schema = {"row_number": pl.Int64, **dict.fromkeys(names.values(), pl.String)}
    frames = [pl.DataFrame(schema=schema)]
    first = 2
    while chunk := list(islice(rows, ROWS_AT_ONCE)):
        frames.append(_filled_rows(chunk, first).select(pl.col("row_number"), *_picked(names)))
        first += len(chunk)
    personal = [names[place] for place in stored if fields[place] in contract.personal]
    frame = pl.concat(frames).with_columns(_masked(pl.col(name)) for name in personal)
    return Sheet(title, contract.table_name, headers, columns, frame)


def _filled_rows(chunk: list[list[Any]], first: int) -> pl.DataFrame:
    """Give the rows of ``chunk`` that hold anything: ``row_number`` from ``first``, a text column a place."""
    texts = {str(place): column_text(values) for place, values in enumerate(zip(*chunk, strict=True))}
    numbers = pl.int_range(first, first + len(chunk), dtype=pl.Int64, eager=True)
    filled = pl.any_horizontal(pl.exclude("row_number").is_not_null())
    return pl.DataFrame({"row_number": numbers, **texts}).filter(filled)


def _picked(names: dict[int, str]) -> list[pl.Expr]:
    return [pl.col(str(place)).alias(name) for place, name in names.items()]


def _key_value(title: str, contract: ContractSheet, rows: Iterator[list[Any]]) -> Sheet:
    """Lay out a sheet of keys and values: of a key beyond the contract only the key is kept."""
    kept: list[tuple[int, str, str | None]] = []
    beyond: set[int] = set()
    for row_number, row in enumerate(rows, start=1):
        texts = [cell_text(value) for value in row]
        beyond.update(place for place, text in enumerate(texts) if place > VALUE and text is not None)
        key, value = [*texts, None, None][: VALUE + 1]
        if key is not None:
            kept.append((row_number, key, _kept_value(contract.fields.get(fold_name(key)), value, contract)))
    schema = {"row_number": pl.Int64, "c1": pl.String, "c2": pl.String}
    columns = [Column(KEY + 1, None, None, "c1"), Column(VALUE + 1, None, None, "c2")]
    columns += [Column(place + 1, None, None, None) for place in sorted(beyond)]
    frame = pl.DataFrame(kept, schema=schema, orient="row")
    return Sheet(title, contract.table_name, [], columns, frame)


def _kept_value(field: str | None, value: str | None, contract: ContractSheet) -> str | None:
    if field is None or value is None:
        return None
    is_personal = field in contract.personal and not value.startswith(ERROR_MARK)
    return PERSONAL_MASK if is_personal else value


def _masked(text: pl.Expr) -> pl.Expr:
    is_filled = text.is_not_null() & ~text.str.starts_with(ERROR_MARK)
    return pl.when(is_filled).then(pl.lit(PERSONAL_MASK)).otherwise(text)


def _header(value: Any) -> str | None:
    text = cell_text(value)
    return None if text is None else text.removeprefix(ERROR_MARK)
