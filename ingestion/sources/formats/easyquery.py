"""The format ``easyquery``: the national bureau's old JSON shape.

A figure that does not exist is there as ``data: 0.0, hasdata: false``: it is missing, never zero.
"""

from typing import Any, ClassVar, Literal

from ingestion.sources.answers import Answer
from ingestion.sources.errors import AnswerUnreadableError
from ingestion.sources.formats.json_body import expect_list, expect_object, parse_json, scalar_text
from ingestion.sources.formats.table import Format, Table

SUCCESS = "200"
DIMENSIONS = {"reg": "region", "zb": "indicator", "sj": "year"}
"""The shape's names of dimensions, and the columns they become."""

COLUMNS = ("region", "region_code", "indicator", "indicator_code", "year", "year_code", "value", "unit")


class EasyQuery(Format):
    """Columns: region, indicator and year, each with its ``_code`` beside its name; value; unit.

    A name is that of the answer's own dictionary (``wdnodes``), the code where it has none. The unit is the
    indicator's.
    """

    media_types: ClassVar[tuple[str, ...]] = ("application/json", "text/json", "text/plain")

    kind: Literal["easyquery"]

    def read(self, body: bytes, answer: Answer) -> Table:
        """Give a row a node, the value null where it has no data."""
        content = expect_object(parse_json(body, answer), "the whole")
        code = scalar_text(content.get("returncode"), "returncode")
        if code != SUCCESS:
            said = content.get("returndata")
            raise AnswerUnreadableError(
                "source_error", f"returncode {code}: {said if isinstance(said, str) else ''}"
            )
        data = expect_object(content.get("returndata"), "returndata")
        dictionary = _dictionary(expect_list(data.get("wdnodes"), "returndata.wdnodes"))
        nodes = expect_list(data.get("datanodes"), "returndata.datanodes")
        return Table.of_records(
            COLUMNS, [_row(node, dictionary, f"datanode {place + 1}") for place, node in enumerate(nodes)]
        )

    def told_columns(self) -> frozenset[str]:
        """Give the columns of the shape."""
        return frozenset(COLUMNS)


def _dictionary(groups: list[Any]) -> dict[tuple[str, str], dict[str, str | None]]:
    """Give what the answer says of each (dimension, code): its name and, of an indicator, its unit."""
    entries = {}
    for group in groups:
        dimension = str(expect_object(group, "wdnode").get("wdcode"))
        for node in expect_list(group.get("nodes"), f"wdnodes {dimension}"):
            entry = expect_object(node, f"wdnodes {dimension}")
            entries[dimension, str(entry.get("code"))] = {
                key: scalar_text(entry.get(key), f"wdnodes {dimension}, {key}") for key in ("cname", "unit")
            }
    return entries


def _row(
    node: Any, dictionary: dict[tuple[str, str], dict[str, str | None]], place: str
) -> dict[str, str | None]:
    row = {"value": _value(expect_object(expect_object(node, place).get("data"), f"{place}, data"), place)}
    for named in expect_list(node.get("wds"), f"{place}, wds"):
        pair = expect_object(named, f"{place}, wds")
        dimension, code = str(pair.get("wdcode")), str(pair.get("valuecode"))
        column = DIMENSIONS.get(dimension)
        if column is None:
            continue
        entry = dictionary.get((dimension, code), {})
        row |= {column: entry.get("cname") or code, f"{column}_code": code}
        if entry.get("unit"):
            row["unit"] = entry["unit"]
    return row


def _value(data: dict[str, Any], place: str) -> str | None:
    has_data = data.get("hasdata")
    if not isinstance(has_data, bool):
        raise AnswerUnreadableError("unexpected_shape", f"{place}: hasdata is neither true nor false")
    if not has_data:
        return None
    shown = scalar_text(data.get("strdata"), f"{place}, strdata")
    return shown if shown and shown.strip() else scalar_text(data.get("data"), f"{place}, data")
