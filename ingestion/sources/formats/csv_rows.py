"""The rows of a CSV text, each cell as it stands, null where blank."""

import csv
import sys
from io import StringIO

from ingestion.sources.errors import AnswerUnreadableError
from ingestion.sources.formats.grid import Row


def csv_rows(text: str) -> list[Row]:
    """Give every row of ``text`` that holds anything, with its number from 1.

    Raises ``AnswerUnreadableError`` (unreadable) where quotes do not close: an answer that is broken in
    one place is taken whole or not at all.
    """
    csv.field_size_limit(sys.maxsize)
    reader = csv.reader(StringIO(text, newline=""), strict=True)
    rows = []
    try:
        for number, cells in enumerate(reader, start=1):
            if any(cell.strip() for cell in cells):
                rows.append(Row(number, [cell if cell.strip() else None for cell in cells]))
    except csv.Error as error:
        raise AnswerUnreadableError("unreadable", f"line {reader.line_num}: {error}") from error
    return rows
