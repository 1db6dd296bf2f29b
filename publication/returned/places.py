"""Where a finding stands in the workbook that was sent: the sheet as it is titled there, and its cells."""

from dataclasses import dataclass

from ingestion.judging.contract import COVER, Table, workbook_tables
from ingestion.judging.readings import FileReading, column_letter

VALUE_COLUMN = 2
"""The column of a cover that holds the values, from 1."""


@dataclass(frozen=True)
class Place:
    """The ``sheet`` and the ``cells`` (``C12``) that a finding is about; none where it is about none."""

    sheet: str | None = None
    cells: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """Give the place as a person writes it, ``企业名录!C12``; nothing for a whole file."""
        return "!".join(part for part in (self.sheet or "", "、".join(self.cells)) if part)


def place_of(reading: FileReading, sheet: str | None, row_number: int | None, field: str | None) -> Place:
    """Give the place of the finding on ``sheet`` (its name in the contract), ``row_number`` and ``field``.

    A sheet that is absent or there more than once has no cells, nor has a column that is absent.
    """
    table = next((table for table in workbook_tables().values() if table.title == sheet), None)
    if table is None:
        return Place(sheet)
    sheets = reading.sheets_of(table)
    if len(sheets) != 1:
        return Place(sheet)
    title = sheets[0]["title"]
    if row_number is None:
        return Place(title)
    positions = _positions(table, sheets[0]["columns"], field)
    return Place(title, tuple(f"{column_letter(position)}{row_number}" for position in positions))


def _positions(table: Table, columns: list[dict[str, object]], field: str | None) -> list[int]:
    """Give the columns, from 1, in which ``field`` stands; of a finding about a whole row the first one."""
    if table.name == COVER:
        return [VALUE_COLUMN]
    if field is None:
        return [1]
    return [int(str(column["position"])) for column in columns if column["field"] == field]
