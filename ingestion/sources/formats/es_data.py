"""The format ``es_data``: the national bureau's present JSON shape.

A period that is not published yet comes back empty: it has no row, or no value in it.
"""

from typing import Any, ClassVar, Literal

from ingestion.sources.answers import Answer
from ingestion.sources.errors import AnswerUnreadableError
from ingestion.sources.formats.json_body import expect_list, expect_object, parse_json, scalar_text
from ingestion.sources.formats.table import Format, Table

FIELDS = {"i_showname": "indicator", "da_name": "region", "value": "value", "ek_dp_name": "unit"}
"""The shape's names, and the columns they become."""

COLUMNS = ("year", *FIELDS.values())


class EsData(Format):
    """Columns: year (the period's name), indicator, region, value, unit."""

    media_types: ClassVar[tuple[str, ...]] = ("application/json", "text/json", "text/plain")

    kind: Literal["es_data"]

    def read(self, body: bytes, answer: Answer) -> Table:
        """Give a row a value of each period."""
        content = expect_object(parse_json(body, answer), "the whole")
        periods = expect_list(content.get("data"), "data")
        if not periods:
            raise AnswerUnreadableError("no_rows", "data: not one of the periods asked for came back")
        return Table.of_records(COLUMNS, [row for period in periods for row in _rows(period)])

    def told_columns(self) -> frozenset[str]:
        """Give the columns of the shape."""
        return frozenset(COLUMNS)


def _rows(period: Any) -> list[dict[str, str | None]]:
    name = scalar_text(expect_object(period, "data").get("name"), "data, name")
    if name is None:
        raise AnswerUnreadableError("unexpected_shape", "data: a period without a name")
    values = period.get("values")
    return [_row(value, name) for value in expect_list([] if values is None else values, f"{name}, values")]


def _row(value: Any, period: str) -> dict[str, str | None]:
    cells = expect_object(value, period)
    texts = {column: scalar_text(cells.get(key), f"{period}, {key}") for key, column in FIELDS.items()}
    return {"year": period, **texts}
