"""The format ``csv_table``: a yearbook's table as CSV, UTF-8 or GB18030."""

from typing import ClassVar, Literal

from ingestion.sources.answers import Answer
from ingestion.sources.formats.csv_rows import csv_rows
from ingestion.sources.formats.table import Table, text_of
from ingestion.sources.formats.yearbook import YearbookTable


class CsvTable(YearbookTable):
    """See ``YearbookTable``."""

    media_types: ClassVar[tuple[str, ...]] = (
        "text/csv",
        "application/csv",
        "text/plain",
        "application/vnd.ms-excel",
        "application/octet-stream",
    )

    kind: Literal["csv_table"]

    def read(self, body: bytes, answer: Answer) -> Table:
        """Give the table."""
        return self.table_of(csv_rows(text_of(body, answer)))
