"""The format ``ledger_csv``: a CSV file with a header in its first row, a register's or a ledger's own."""

from typing import ClassVar, Literal

from ingestion.sources.answers import Answer
from ingestion.sources.errors import AnswerUnreadableError
from ingestion.sources.formats.csv_rows import csv_rows
from ingestion.sources.formats.grid import check_widths, list_table
from ingestion.sources.formats.table import Format, Table, text_of


class LedgerCsv(Format):
    """Columns: the headers, after NFKC and without white space. A header alone is a register without rows."""

    media_types: ClassVar[tuple[str, ...]] = ("text/csv", "application/csv", "text/plain")

    kind: Literal["ledger_csv"]

    def read(self, body: bytes, answer: Answer) -> Table:
        """Give a row a record."""
        rows = csv_rows(text_of(body, answer))
        if not rows:
            raise AnswerUnreadableError("no_header", "nothing but blanks")
        header, *records = rows
        return list_table(check_widths(header, records), records, {})
