"""``lake/read``: where what a file says is kept, and how a folder of it appears whole or not at all.

A folder holds ``reading.json`` and one Parquet a sheet of the contract:

    {"kind": "workbook" | "csv",
     "refusal": null | {"case", "value", "limit", "detail"},
     "sheets": [{"title", "table_name", "headers", "columns": [{"position", "header", "field", "column"}],
                 "file", "rows"}]}

``headers`` are the cells of row 1 as text, untrimmed, null when blank (none for the key-value cover, whose
row 1 is data). ``columns`` lists the columns that have a header or are stored: ``position`` from 1, ``field``
null beyond the contract, ``column`` the Parquet's column that holds the cells, null when they are not stored.
A Parquet has ``row_number`` (int64, as a person counts) and ``c1``, ``c2``, … (text; an error cell is
``ERROR_MARK`` and its text); of a CSV also ``ragged`` (boolean: more or fewer cells than headers).
"""

import json
from dataclasses import asdict, dataclass, field
from hashlib import sha256 as sha256_of
from importlib.metadata import version
from pathlib import Path

import polars as pl

from ingestion.reading.contract import contract_sheets, reading_limits

ERROR_MARK = "\x1b"
"""What an error cell's text begins with (U+001B), so that it is neither text nor blank."""

PERSONAL_MASK = "＊＊＊"
"""What stands in the lake for a personal cell that is filled."""


@dataclass(frozen=True)
class Refusal:
    """Why a file can't be read: the ``case``, the ``value`` found and the ``limit``, where there are such.

    ``detail`` is what a library said of it, for people who look into a file; it changes with the library, so
    nothing may be made of it.
    """

    case: str
    value: str | None = None
    limit: str | None = None
    detail: str | None = None


class RefusedError(Exception):
    """Raised while a file is read that turns out to be unreadable; carries the ``Refusal``."""

    def __init__(
        self, case: str, value: object = None, limit: object = None, *, detail: BaseException | None = None
    ) -> None:
        """Keep the refusal; everything becomes text."""
        super().__init__(case)
        parts = (None if part is None else str(part) for part in (value, limit, detail))
        self.refusal = Refusal(case, *parts)


@dataclass(frozen=True)
class Column:
    """A column of a sheet, as in ``reading.json``."""

    position: int
    header: str | None
    field: str | None
    column: str | None


@dataclass(frozen=True)
class Sheet:
    """A sheet as read; ``frame`` is null for one beyond the contract."""

    title: str | None
    table_name: str | None = None
    headers: list[str | None] = field(default_factory=list)
    columns: list[Column] = field(default_factory=list)
    frame: pl.DataFrame | None = None


@dataclass(frozen=True)
class Reading:
    """What a file of ``kind`` workbook or csv says, or why it can't be read."""

    kind: str
    refusal: Refusal | None = None
    sheets: list[Sheet] = field(default_factory=list)


def _reader_version() -> str:
    digest = sha256_of(version("python-calamine").encode())
    for source in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(source.read_bytes())
    digest.update(repr((contract_sheets(), reading_limits())).encode())
    return digest.hexdigest()[:12]


READER_VERSION = _reader_version()
"""Changes with this package, the library that opens workbooks, the seeds of sheets and limits."""


def readings_folder(home: Path) -> Path:
    """Give the folder below ``home`` that holds what this version of the reader has read."""
    return home / "lake" / "read" / READER_VERSION


def reading_folder(home: Path, sha256: str, kind: str) -> Path:
    """Give the folder of what the file with these bytes says, read as ``kind`` submission or ledger.

    The kind matters because the same bytes (none at all, say) may arrive as both.
    """
    folder = readings_folder(home)
    return {"submission": folder, "ledger": folder / "ledgers"}[kind] / sha256


def build_reading(reading: Reading, built: Path) -> None:
    """Write ``reading`` into the new folder ``built``."""
    built.mkdir(parents=True)
    sheets = []
    for number, sheet in enumerate(reading.sheets, start=1):
        file = None
        if sheet.frame is not None:
            file = f"{number}.parquet"
            sheet.frame.write_parquet(built / file, compression="lz4", statistics=False)
        sheets.append(
            {
                "title": sheet.title,
                "table_name": sheet.table_name,
                "headers": sheet.headers,
                "columns": [asdict(column) for column in sheet.columns],
                "file": file,
                "rows": 0 if sheet.frame is None else sheet.frame.height,
            }
        )
    refusal = asdict(reading.refusal) if reading.refusal else None
    described = {"kind": reading.kind, "refusal": refusal, "sheets": sheets}
    (built / "reading.json").write_text(json.dumps(described, ensure_ascii=False), encoding="utf-8")


def move_into_lake(built: Path, folder: Path) -> None:
    """Move ``built`` to its place ``folder`` in one step.

    Only the process that runs the night does it: a child that outlives a killed night must not.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    built.rename(folder)
