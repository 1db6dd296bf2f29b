"""What a workbook is made of: which sheets and headers it has how often, and so which of them can be read.

Belongs here: S01, S02 and S03, and the choice of the sheets that the other rules look at. Does not belong
here: what stands in a cell.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from ingestion.judging.checks import RuleCheck, failing
from ingestion.judging.contract import COVER, Table, row_tables, workbook_tables
from ingestion.judging.findings import findings_of
from ingestion.judging.readings import FILE, ROW, FileReading, extra_headers, header_counts, load_pairs
from ingestion.seeds import load_seed

HEADER_ROW = 1
TIMES = "times"

FIELD = pl.col("field")
NO_FIELD = pl.lit(None, pl.String)

SHEET_CHECKS = [
    RuleCheck("S02", "absent", TIMES, pl.col(TIMES) >= 1, about=NO_FIELD),
    RuleCheck("S02", "repeated", TIMES, pl.col(TIMES) <= 1, value=pl.col(TIMES), about=NO_FIELD),
]
HEADER_CHECKS = [
    RuleCheck("S03", "absent", TIMES, (pl.col(TIMES) >= 1) | ~pl.col("required"), about=FIELD),
    RuleCheck("S03", "repeated", TIMES, pl.col(TIMES) <= 1, value=pl.col(TIMES), about=FIELD),
]

SheetOfFile = tuple[FileReading, dict[str, Any]]


@dataclass(frozen=True)
class Structure:
    """``sheets``: by table the (file, sheet) pairs whose rows count; ``pairs`` and ``covers``: the cover.

    ``pairs`` has a row a key of a cover (see ``readings.load_pairs``), ``covers`` names the files that have
    one cover. ``extras`` are the sheets and columns beyond the contract, ``findings`` those of S01 to S03.
    """

    sheets: dict[str, list[SheetOfFile]]
    covers: list[str]
    pairs: pl.DataFrame
    extras: pl.DataFrame
    findings: pl.DataFrame


EXTRAS = {"submission_id": pl.String(), "row_number": pl.Int64(), "sheet": pl.String(), "header": pl.String()}


def look_at_structure(readings: Sequence[FileReading]) -> Structure:
    """Judge S01, S02 and S03 of the workbooks ``readings`` and choose what can be read of them."""
    opened = [reading for reading in readings if reading.refusal is None]
    cover = workbook_tables()[COVER]
    covers = [(reading, sheet) for reading in opened for sheet in _only_sheet(reading, cover)]
    pairs = load_pairs(covers, cover)
    headers = pl.concat(
        [_cover_headers(covers, pairs), *(_table_headers(opened, table) for table in row_tables())]
    )
    broken = failing(headers, HEADER_CHECKS)
    unreadable = set(headers[broken["index"]].select(FILE, "table_name").iter_rows())
    sheets = {
        table.name: [
            (reading, sheet)
            for reading in opened
            for sheet in _only_sheet(reading, table)
            if (reading.file_id, table.name) not in unreadable
        ]
        for table in row_tables()
    }
    return Structure(
        sheets=sheets,
        covers=[reading.file_id for reading, _ in covers],
        pairs=pairs,
        extras=_extras(opened),
        findings=pl.concat(
            [
                refusal_findings(readings, "S01"),
                _sheet_findings(opened),
                findings_of(headers, broken, HEADER_CHECKS),
            ]
        ),
    )


def _only_sheet(reading: FileReading, table: Table) -> list[dict[str, Any]]:
    sheets = reading.sheets_of(table)
    return sheets if len(sheets) == 1 else []


def refusal_findings(readings: Sequence[FileReading], rule_id: str) -> pl.DataFrame:
    """Give the findings of ``rule_id`` on files that can't be read, in the case that the reader named.

    Raises ``ValueError`` for a case that ``rule_messages`` does not word.
    """
    refused = [(reading.file_id, reading.refusal) for reading in readings if reading.refusal is not None]
    frame = pl.DataFrame(
        [(file_id, refusal["case"], refusal["value"], refusal["limit"]) for file_id, refusal in refused],
        schema=dict.fromkeys((FILE, "case", "value", "limit"), pl.String),
        orient="row",
    )
    cases = load_seed("rule_messages").filter(rule_id=rule_id)["case_id"]
    unknown = set(frame["case"]) - set(cases)
    if unknown:
        raise ValueError(f"the reader refused a file as {sorted(unknown)}, which rule_messages does not word")
    limit, value = {"limit": pl.col("limit")}, pl.col("value")
    checks = [
        RuleCheck(rule_id, case, "case", pl.col("case") != case, limit, value, about=NO_FIELD)
        for case in frame["case"].unique().sort()
    ]
    return findings_of(frame, failing(frame, checks), checks)


def _sheet_findings(opened: Sequence[FileReading]) -> pl.DataFrame:
    frame = pl.DataFrame(
        [
            (reading.file_id, table.title, len(reading.sheets_of(table)))
            for reading in opened
            for table in workbook_tables().values()
        ],
        schema={FILE: pl.String, "sheet": pl.String, TIMES: pl.Int64},
        orient="row",
    )
    return findings_of(frame, failing(frame, SHEET_CHECKS), SHEET_CHECKS)


HEADERS = {
    FILE: pl.String(),
    "table_name": pl.String(),
    ROW: pl.Int64(),
    "sheet": pl.String(),
    "field": pl.String(),
    "header": pl.String(),
    "required": pl.Boolean(),
    TIMES: pl.Int64(),
}


def _table_headers(opened: Sequence[FileReading], table: Table) -> pl.DataFrame:
    """Give how often each header of ``table`` stands in row 1, for every file that has the sheet once."""
    counted = [(reading, header_counts(sheet)) for reading in opened for sheet in _only_sheet(reading, table)]
    return _headers([(reading.file_id, HEADER_ROW, counts) for reading, counts in counted], table)


def _cover_headers(covers: Sequence[SheetOfFile], pairs: pl.DataFrame) -> pl.DataFrame:
    """Give how often each key of the cover stands in column A, for every file that has one cover."""
    keys: dict[str, Counter[str]] = {reading.file_id: Counter() for reading, _ in covers}
    for file_id, field in pairs.drop_nulls("field").select(FILE, "field").iter_rows():
        keys[file_id][field] += 1
    return _headers([(file_id, None, counts) for file_id, counts in keys.items()], workbook_tables()[COVER])


def _headers(counted: Sequence[tuple[str, int | None, Counter[str]]], table: Table) -> pl.DataFrame:
    return pl.DataFrame(
        [
            (
                file_id,
                table.name,
                row,
                table.title,
                field.name,
                field.header,
                field.required,
                counts[field.name],
            )
            for file_id, row, counts in counted
            for field in table.all_fields
        ],
        schema=HEADERS,
        orient="row",
    )


def _extras(opened: Sequence[FileReading]) -> pl.DataFrame:
    """Give the sheets and columns beyond the contract; a null ``header`` means the whole sheet."""
    titles = {table.name: table.title for table in workbook_tables().values()}
    found = [
        (reading.file_id, titles.get(sheet["table_name"], sheet["title"]), header)
        for reading in opened
        for sheet in reading.sheets
        for header in ([None] if sheet["table_name"] is None else extra_headers(sheet))
    ]
    frame = pl.DataFrame(
        found, schema={"submission_id": pl.String, "sheet": pl.String, "header": pl.String}, orient="row"
    )
    numbered = frame.unique(maintain_order=True).with_columns(row_number=pl.lit(None, pl.Int64))
    return numbered.select(list(EXTRAS))
