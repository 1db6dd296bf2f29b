"""What tables as yearbooks publish them have in common, be they CSV or workbooks.

Belongs here: where the table is and how it lies, as configuration. Does not belong here: the file's own form.
"""

from collections.abc import Callable, Sequence
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from ingestion.reading.names import fold_name
from ingestion.sources.formats.grid import (
    Row,
    find_table,
    headings_of,
    list_table,
    matrix_table,
)
from ingestion.sources.formats.table import Format, Table
from ingestion.sources.terms import region_of, year_of

Dimension = Literal["region", "year", "indicator"]
YEAR = "year"
LABELS: dict[str, Callable[[str], bool]] = {
    "region": lambda text: region_of(text) is not None,
    "year": lambda text: year_of(text) is not None,
}
"""How the labels of rows are known, by what is along the rows; those of indicators are not."""


class YearbookTable(Format):
    """A table with lines before and after it, found by its headings wherever it stands.

    ``rows`` and ``columns`` say what is along its edges; the table is then columns of these names, ``value``,
    those of ``beside`` (name → heading, for the unit of a row say), and what the lines around it tell by name
    (指标, 单位, 数据来源). ``heading`` is what stands above the labels of the rows, where it is none of the
    seed ``source_headings``. With ``list_of``, headings that stand in one row, it is a list of records.
    """

    rows: Dimension = "region"
    columns: Dimension = "year"
    heading: str | None = None
    beside: dict[str, str] = Field(default_factory=dict)
    list_of: Annotated[tuple[str, ...], Field(min_length=1)] | None = None

    @model_validator(mode="after")
    def _two_edges(self) -> Self:
        if self.rows == self.columns:
            raise ValueError("rows 与 columns 应不同\nrows and columns differ")
        return self

    def told_columns(self) -> frozenset[str] | None:
        """Give nothing: the lines around the table name columns too."""
        return None

    def table_of(self, rows: Sequence[Row]) -> Table:
        """Give the table in ``rows``; raise ``AnswerUnreadableError`` where there is none."""
        if self.list_of is not None:
            wanted = {fold_name(text) for text in self.list_of}
            found = find_table(rows, lambda row: wanted <= set(map(fold_name, row.filled)), str(self.list_of))
            return list_table(found.header, found.rows, found.told)
        corners = headings_of(self.rows) if self.heading is None else {fold_name(self.heading)}
        found = find_table(
            rows, lambda row: self._is_header(row, corners), "、".join(sorted(corners)), LABELS.get(self.rows)
        )
        return matrix_table(found, self.rows, self.columns, self.beside)

    def _is_header(self, row: Row, corners: frozenset[str] | set[str]) -> bool:
        corner, *others = row.filled
        if fold_name(corner) not in corners:
            return False
        return any(year_of(cell) for cell in others) if self.columns == YEAR else bool(others)
