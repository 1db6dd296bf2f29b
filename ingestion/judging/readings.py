"""What was read, as frames: the cells of many files together, laid under the fields of the contract.

Belongs here: opening ``lake/read`` and naming its columns. Does not belong here: what a cell means
(``values``) or whether it is right (the rules).
"""

import json
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from string import ascii_uppercase
from typing import Any

import polars as pl

from ingestion.judging.contract import Field, Table
from ingestion.judging.values import folded, is_folded, trimmed, values_of
from ingestion.reading.names import fold_name

FILE = "file_id"
ROW = "row_number"
RAGGED = "ragged"

TEXT = "__text"
"""The suffix of a field's cell as text; the field's own name is its value."""

READERS = 4


@dataclass(frozen=True)
class FileReading:
    """One folder of ``lake/read``; ``file_id`` names the file in frames (a submission's SHA-256)."""

    file_id: str
    folder: Path
    refusal: dict[str, str | None] | None
    sheets: tuple[dict[str, Any], ...]

    def sheets_of(self, table: Table) -> list[dict[str, Any]]:
        """Give the sheets whose title is that of ``table``."""
        return [sheet for sheet in self.sheets if sheet["table_name"] == table.name]

    @property
    def rows(self) -> int:
        """How many rows its sheets hold together."""
        return sum(sheet["rows"] for sheet in self.sheets)


def open_reading(file_id: str, folder: Path) -> FileReading:
    """Open what was read of one file; raise ``FileNotFoundError`` when nothing was."""
    described = json.loads((folder / "reading.json").read_text(encoding="utf-8"))
    return FileReading(file_id, folder, described["refusal"], tuple(described["sheets"]))


def header_counts(sheet: dict[str, Any]) -> Counter[str]:
    """Give how often each field of the contract has a header on ``sheet``."""
    return Counter(column["field"] for column in sheet["columns"] if column["field"] is not None)


def extra_headers(sheet: dict[str, Any]) -> list[str]:
    """Give the headers of ``sheet`` beyond the contract, trimmed; of a column without one its letter."""
    beyond = (column for column in sheet["columns"] if column["field"] is None)
    return [
        (column["header"] or "").strip() or column_letter(column["position"])
        for column in beyond
        if column["header"] is not None or column["column"] is None
    ]


def column_letter(position: int) -> str:
    """Give the letters that a spreadsheet shows above the column ``position`` (from 1)."""
    letters = ""
    while position:
        position, place = divmod(position - 1, len(ascii_uppercase))
        letters = ascii_uppercase[place] + letters
    return letters


def load_rows(table: Table, sheets: Sequence[tuple[FileReading, dict[str, Any]]]) -> pl.DataFrame:
    """Give the cells of ``table`` on ``sheets``, each of whose fields has at most one header.

    Columns: ``file_id``, ``row_number``, ``ragged`` (CSV only, else false), and the text of every field.
    """
    with ThreadPoolExecutor(READERS) as pool:
        frames = list(pool.map(lambda pair: _sheet_rows(table, *pair), sheets))
    return pl.concat([_no_rows(table), *frames])


def load_pairs(sheets: Sequence[tuple[FileReading, dict[str, Any]]], table: Table) -> pl.DataFrame:
    """Give the keys and values of key-value sheets.

    Columns: ``file_id``, ``row_number``, ``key``, ``field`` (null beyond the contract), ``text``.
    """
    fields = {fold_name(field.header): field.name for field in table.all_fields}
    frames = [
        pl.read_parquet(reading.folder / sheet["file"]).select(
            pl.lit(reading.file_id).alias(FILE), pl.col(ROW).cast(pl.Int64), key="c1", text="c2"
        )
        for reading, sheet in sheets
        if sheet["rows"]
    ]
    empty = pl.DataFrame(schema={FILE: pl.String, ROW: pl.Int64, "key": pl.String, "text": pl.String})
    pairs = pl.concat([empty, *frames]).with_columns(pl.col("key", "text").map_batches(trimmed))
    distinct = pairs["key"].drop_nulls().unique()
    named = [fields.get(fold_name(key)) for key in distinct]
    return pairs.with_columns(
        field=pl.col("key").replace_strict(distinct, named, default=None, return_dtype=pl.String)
    )


def read_values(cells: pl.DataFrame, fields: Sequence[Field]) -> pl.DataFrame:
    """Give ``cells`` with the value of each of ``fields`` beside its text, which is trimmed (and folded)."""

    def read(field: Field) -> tuple[pl.Series, pl.Series]:
        texts = trimmed(cells[field.name + TEXT])
        texts = folded(texts) if is_folded(field) else texts
        return texts, values_of(field, texts).alias(field.name)

    with ThreadPoolExecutor(READERS) as pool:
        columns = list(pool.map(read, fields))
    return cells.with_columns(column for pair in columns for column in pair)


def _sheet_rows(table: Table, reading: FileReading, sheet: dict[str, Any]) -> pl.DataFrame:
    if not sheet["rows"]:
        return _no_rows(table)
    stored = {
        column["field"]: column["column"] for column in sheet["columns"] if column["column"] is not None
    }
    frame = pl.read_parquet(reading.folder / sheet["file"])
    ragged = pl.col(RAGGED) if RAGGED in frame.columns else pl.lit(value=False)
    return frame.select(
        pl.lit(reading.file_id).alias(FILE),
        pl.col(ROW).cast(pl.Int64),
        ragged.alias(RAGGED),
        *(
            (pl.col(stored[field.name]) if field.name in stored else pl.lit(None, pl.String)).alias(
                field.name + TEXT
            )
            for field in table.fields
        ),
    )


def _no_rows(table: Table) -> pl.DataFrame:
    cells = {field.name + TEXT: pl.String for field in table.fields}
    return pl.DataFrame(schema={FILE: pl.String, ROW: pl.Int64, RAGGED: pl.Boolean, **cells})
