"""What the reader must know of the contract: sheets, headers, personal fields, limits; all from the seeds."""

from dataclasses import dataclass
from functools import cache

import polars as pl

from ingestion.reading.names import fold_name
from ingestion.seeds import load_seed


@dataclass(frozen=True)
class ContractSheet:
    """A sheet of the contract: its table, whether it is key-value, and its fields by folded header."""

    table_name: str
    is_key_value: bool
    fields: dict[str, str]
    personal: tuple[str, ...]


@dataclass(frozen=True)
class ReadingLimits:
    """How large a workbook may be (S01)."""

    max_file_bytes: int
    max_unpacked_bytes: int
    max_sheets: int
    max_rows: int
    max_columns: int


@cache
def contract_sheets() -> dict[str, ContractSheet]:
    """Give the sheets of the contract by folded title."""
    fields = load_seed("workbook_fields")
    return {
        fold_name(sheet_zh): _sheet(table_name, layout, fields.filter(pl.col("table_name") == table_name))
        for table_name, sheet_zh, layout in load_seed("workbook_sheets")
        .select("table_name", "sheet_zh", "layout")
        .iter_rows()
    }


@cache
def reading_limits() -> ReadingLimits:
    """Give the limits of S01."""
    limits = load_seed("reading_limits").filter(pl.col("rule_id") == "S01")
    return ReadingLimits(**{name: int(value) for name, value in limits["limit_name", "value"].iter_rows()})


def _sheet(table_name: str, layout: str, fields: pl.DataFrame) -> ContractSheet:
    headers = dict(zip(map(fold_name, fields["header_zh"]), fields["field"], strict=True))
    personal = fields.filter(pl.col("personal") == "yes")["field"]
    return ContractSheet(table_name, layout == "key_value", headers, tuple(personal))
