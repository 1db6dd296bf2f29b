"""The format ``json_table``: a list of records somewhere in a JSON text."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from ingestion.sources.answers import Answer
from ingestion.sources.errors import AnswerUnreadableError
from ingestion.sources.formats.json_body import (
    at_path,
    expect_list,
    expect_object,
    parse_json,
    scalar_text,
)
from ingestion.sources.formats.table import Format, Table

STEP = "."


class JsonTable(Format):
    """``records`` is the path to the list, empty where the text itself is one; its steps are joined by dots.

    ``columns`` names a column a path below each record. A record without something at a path says nothing
    there; a path that leads to nothing in every record is not of this shape.
    """

    media_types: ClassVar[tuple[str, ...]] = ("application/json", "text/json")

    kind: Literal["json_table"]
    records: str = ""
    columns: Annotated[dict[str, str], Field(min_length=1)]

    def read(self, body: bytes, answer: Answer) -> Table:
        """Give a row a record."""
        records = expect_list(self._found(parse_json(body, answer)), self.records or "the whole")
        rows = [self._row(record, place) for place, record in enumerate(records)]
        absent = [
            name
            for place, name in enumerate(self.columns)
            if rows and all(row[place] is ABSENT for row in rows)
        ]
        if absent:
            paths = ", ".join(f"{name} ({self.columns[name]})" for name in absent)
            raise AnswerUnreadableError("absent_column", paths)
        return Table.of(
            list(self.columns), [[None if cell is ABSENT else cell for cell in row] for row in rows]
        )

    def told_columns(self) -> frozenset[str]:
        """Give the configured columns."""
        return frozenset(self.columns)

    def _found(self, content: Any) -> Any:
        try:
            return at_path(content, self.records.split(STEP) if self.records else [])
        except KeyError as error:
            raise AnswerUnreadableError("unexpected_shape", f"{self.records}: nothing at {error}") from error

    def _row(self, record: Any, place: int) -> list[Any]:
        where = f"{self.records or 'record'} {place + 1}"
        expect_object(record, where)
        return [_cell(record, path, f"{where}, {path}") for path in self.columns.values()]


ABSENT = object()


def _cell(record: dict[str, Any], path: str, place: str) -> Any:
    try:
        return scalar_text(at_path(record, path.split(STEP)), place)
    except KeyError:
        return ABSENT
