"""What the seeds say of tables, fields and listed values, as the objects that judging works with.

Belongs here: reading those seeds into typed, frozen objects. Does not belong here: any fact of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import polars as pl

from ingestion.seeds import load_seed

DECIMAL = pl.Decimal(38, 18)
"""How every decimal is stored: exact, 18 places."""

MOMENT = pl.Datetime("us")
"""How every moment is stored: the wall clock of Asia/Shanghai."""

COVER = "cover"
ROSTER = "roster"

YEAR_UNIT = "year"
STORED_TYPES: dict[str, pl.DataType] = {
    "text": pl.String(),
    "enum": pl.String(),
    "list": pl.String(),
    "integer": pl.Int64(),
    "decimal": DECIMAL,
    "date": pl.Date(),
    "timestamp": MOMENT,
    "boolean": pl.Boolean(),
}


@dataclass(frozen=True)
class ListedValue:
    """A value that a field may hold: as written (``text``), as stored (``code``), and its trait, if any."""

    text: str
    code: str
    trait: str | None


LEDGER_BOOLEANS = (
    ListedValue("true", "true", None),
    ListedValue("1", "true", None),
    ListedValue("false", "false", None),
    ListedValue("0", "false", None),
)
"""How a ledger writes yes and no; workbooks list theirs in the seeds."""


@dataclass(frozen=True)
class Field:
    """A field of a workbook's sheet or of a ledger; ``header`` is what stands above its column."""

    name: str
    header: str
    type: str
    unit: str | None
    required: bool
    minimum: str | None
    maximum: str | None
    pattern: str | None
    is_personal: bool
    is_code: bool
    is_key: bool
    values: tuple[ListedValue, ...]
    listed_in: str | None = None

    @property
    def is_year(self) -> bool:
        """Whether the field is a calendar year, which is stored as a 32-bit integer."""
        return self.unit == YEAR_UNIT

    @property
    def stored_type(self) -> pl.DataType:
        """The Polars type of the field's values in the lake."""
        return pl.Int32() if self.is_year else STORED_TYPES[self.type]

    def texts_with(self, trait: str) -> tuple[str, ...]:
        """Give the stored codes of the values that carry ``trait``."""
        return tuple(value.code for value in self.values if value.trait == trait)


@dataclass(frozen=True)
class Table:
    """A sheet of the workbook or a ledger; ``title`` is what a person calls it."""

    name: str
    title: str
    all_fields: tuple[Field, ...]

    @property
    def fields(self) -> tuple[Field, ...]:
        """The fields whose values are kept: all but personal ones, which stay in the archive."""
        return tuple(field for field in self.all_fields if not field.is_personal)

    def field(self, name: str) -> Field:
        """Give the field ``name``; raise ``KeyError`` when the table has none."""
        for field in self.fields:
            if field.name == name:
                return field
        raise KeyError(f"{self.name} has no field {name!r}")

    @property
    def schema(self) -> dict[str, pl.DataType]:
        """The stored types of ``fields`` by name."""
        return {field.name: field.stored_type for field in self.fields}


@cache
def workbook_tables() -> dict[str, Table]:
    """Give the sheets of the workbook by table name, in the order of the form."""
    fields = load_seed("workbook_fields")
    return {
        name: Table(
            name, title, tuple(_workbook_field(row) for row in fields.filter(table_name=name).to_dicts())
        )
        for name, title in load_seed("workbook_sheets").select("table_name", "sheet_zh").iter_rows()
    }


def shaped(frame: pl.DataFrame, schema: Mapping[str, pl.DataType]) -> pl.DataFrame:
    """Give the columns of ``schema``, in its order and with its types; raise when a value does not fit."""
    return frame.select(pl.col(name).cast(stored) for name, stored in schema.items())


def row_tables() -> list[Table]:
    """Give the sheets that hold rows: all but the cover."""
    return [table for table in workbook_tables().values() if table.name != COVER]


@cache
def ledgers() -> dict[str, Table]:
    """Give the ledgers by name."""
    fields = load_seed("ledger_fields")
    names = fields["ledger"].unique(maintain_order=True)
    return {
        name: Table(name, name, tuple(_ledger_field(row) for row in fields.filter(ledger=name).to_dicts()))
        for name in names
    }


@cache
def limits() -> dict[str, int]:
    """Give the limits of ``reading_limits.csv`` by name."""
    return {
        name: int(value)
        for name, value in load_seed("reading_limits").select("limit_name", "value").iter_rows()
    }


def _workbook_field(row: dict[str, str | None]) -> Field:
    listed = load_seed("workbook_values").filter(table_name=row["table_name"], field=row["field"])
    values = tuple(ListedValue(*value) for value in listed.select("value_zh", "code", "trait").iter_rows())
    return _field(row, str(row["header_zh"]), values)


def _ledger_field(row: dict[str, str | None]) -> Field:
    listed = load_seed("ledger_values").filter(ledger=row["ledger"], field=row["field"])
    values = tuple(ListedValue(value, value, None) for value in listed["value"])
    return _field(row, str(row["field"]), LEDGER_BOOLEANS if row["type"] == "boolean" else values)


def _field(row: dict[str, str | None], header: str, values: tuple[ListedValue, ...]) -> Field:
    return Field(
        name=str(row["field"]),
        header=header,
        type=str(row["type"]),
        unit=row["unit"],
        required=row["required"] == "yes",
        minimum=row.get("minimum"),
        maximum=row.get("maximum"),
        pattern=row.get("pattern"),
        is_personal=row.get("personal") == "yes",
        is_code=row["is_code"] == "yes",
        is_key=row.get("is_key") == "yes",
        values=values,
        listed_in=row.get("listed_in"),
    )
