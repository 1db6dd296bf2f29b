"""Reading one CSV file: every cell as text, whatever its encoding, its quotes and the length of its rows."""

import csv
import sys
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path

import polars as pl

from ingestion.reading.lake import Column, Reading, Refusal, Sheet, build_reading

ENCODINGS = ("utf-8-sig", "gb18030")
"""Tried in this order: what is valid UTF-8 is not GB18030 by accident, the other way round it often is."""

SENTINEL = "end"
"""A line of one cell; it is swallowed by the record before it when a quote of that one is open."""


@dataclass
class _Records:
    """The records of a file in order; ``broken`` are the places of those whose quotes do not close."""

    cells: list[list[str]] = field(default_factory=list)
    broken: set[int] = field(default_factory=set)


def read_csv(source: Path, built: Path) -> str | None:
    """Read the CSV file ``source`` into the new folder ``built``; give its refusal's case."""
    text = _decode(source.read_bytes())
    if text is None:
        reading = Reading("csv", Refusal("undecodable"))
    elif not text.strip():
        reading = Reading("csv", Refusal("empty_file"))
    else:
        reading = Reading("csv", sheets=[_lay_out(_parse(text))])
    build_reading(reading, built)
    return reading.refusal.case if reading.refusal else None


def _decode(content: bytes) -> str | None:
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _parse(text: str) -> _Records:
    """Split ``text`` into records; one whose quotes do not close is its first line alone, and broken.

    Else one forgotten quote would swallow the rows after it.
    """
    csv.field_size_limit(sys.maxsize)
    lines = list(StringIO(text, newline=""))
    records, start = _Records(), 0
    while start < len(lines):
        start = _add_well_formed(records, lines, start)
        if start < len(lines):
            _add_ill_formed(records, lines[start])
            start += 1
    return records


def _add_well_formed(records: _Records, lines: list[str], start: int) -> int:
    """Add the records from the line ``start`` on; give the line of the first ill-formed one, or the end."""
    reader = csv.reader(map(lines.__getitem__, range(start, len(lines))), strict=True)
    begins = start
    try:
        for cells in reader:
            records.cells.append(cells)
            begins = start + reader.line_num
    except csv.Error:
        return begins
    return len(lines)


def _add_ill_formed(records: _Records, line: str) -> None:
    """Add ``line`` as a record: leniently when its quotes close in it, else without regard to quotes."""
    cells, *next_record = csv.reader([line, SENTINEL])
    if not next_record:
        records.broken.add(len(records.cells))
        cells = next(csv.reader([line], quoting=csv.QUOTE_NONE))
    records.cells.append(cells)


def _lay_out(records: _Records) -> Sheet:
    """Lay out the records: the first holds the headers, wholly blank ones are left out."""
    headers = [_blank_to_null(cell) for cell in records.cells[0]]
    width = len(headers)
    numbers, ragged, rows = [], [], []
    for place, record in enumerate(records.cells[1:], start=1):
        cells = [_blank_to_null(cell) for cell in record]
        if any(cell is not None for cell in cells):
            numbers.append(place + 1)
            ragged.append(len(cells) != width or place in records.broken)
            rows.append([*cells, *[None] * (width - len(cells))][:width])
    names = [f"c{number}" for number in range(1, width + 1)]
    frame = pl.DataFrame({"row_number": pl.Series(numbers, dtype=pl.Int64)}).with_columns(
        *(pl.Series(name, [row[place] for row in rows], dtype=pl.String) for place, name in enumerate(names)),
        pl.Series("ragged", ragged, dtype=pl.Boolean),
    )
    columns = [
        Column(place, header, None, name)
        for place, (header, name) in enumerate(zip(headers, names, strict=True), start=1)
    ]
    return Sheet(None, None, headers, columns, frame)


def _blank_to_null(cell: str) -> str | None:
    return cell if cell.strip() else None
