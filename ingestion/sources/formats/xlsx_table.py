"""The format ``xlsx_table``: a yearbook's table as a sheet of a workbook."""

from typing import ClassVar, Literal

from ingestion.child_limits import ChildLimits
from ingestion.reading.lake import ERROR_MARK, RefusedError
from ingestion.reading.one_sheet import read_sheet
from ingestion.seeds import load_seed
from ingestion.sources.answers import Answer
from ingestion.sources.errors import AnswerUnreadableError
from ingestion.sources.formats.grid import Row
from ingestion.sources.formats.table import Table
from ingestion.sources.formats.yearbook import YearbookTable


class XlsxTable(YearbookTable):
    """See ``YearbookTable``; ``sheet`` is the title of the sheet, by default the first one's."""

    media_types: ClassVar[tuple[str, ...]] = (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/octet-stream",
    )
    is_text: ClassVar[bool] = False

    kind: Literal["xlsx_table"]
    sheet: str | None = None

    def read(self, body: bytes, answer: Answer) -> Table:
        """Give the table; the workbook is opened in a child process, as all that come from outside are."""
        del answer
        try:
            cells = read_sheet(body, self.sheet, _max_cells(), ChildLimits())
        except RefusedError as refused:
            said = refused.refusal
            parts = [part for part in (said.case, said.value, said.limit, said.detail) if part]
            raise AnswerUnreadableError("unreadable_workbook", ": ".join(parts)) from refused
        rows = [
            Row(number, [cell and cell.removeprefix(ERROR_MARK) for cell in row])
            for number, row in enumerate(cells, start=1)
            if any(row)
        ]
        return self.table_of(rows)


def _max_cells() -> int:
    return int(load_seed("source_limits").filter(limit_name="largest_sheet_cells")["value"].item())
