"""The verdict on ledger files: their typed rows, which of them are accepted, and the findings.

Belongs here: judging a ledger's files, whatever the moment. Does not belong here: which row of a key is in
force (``ledgers_in_force``).
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import polars as pl

from ingestion.judging.checks import RuleCheck, failing
from ingestion.judging.contract import MOMENT, Table
from ingestion.judging.findings import FINDING, IDENTITY_SEPARATOR, findings_of
from ingestion.judging.ledger_rules import IS_VOID, RECORDED_AT, ledger_checks, names_row
from ingestion.judging.readings import (
    FILE,
    ROW,
    TEXT,
    FileReading,
    extra_headers,
    load_rows,
    read_values,
)
from ingestion.judging.structure import TIMES, refusal_findings
from ingestion.judging.values import shown
from ingestion.reading.names import fold_name

ACCEPTED = "is_accepted"

COLUMN_CHECKS = [
    RuleCheck(
        "V20", "absent_column", TIMES, (pl.col(TIMES) >= 1) | ~pl.col("required"), about=pl.col("field")
    ),
    RuleCheck(
        "V20", "repeated_column", TIMES, pl.col(TIMES) <= 1, value=pl.col(TIMES), about=pl.col("field")
    ),
]


def ledger_schemas(table: Table) -> dict[str, dict[str, pl.DataType]]:
    """Give the columns of the tables of a verdict on files of the ledger ``table``, by file name."""
    return {
        "rows": {FILE: pl.String(), ROW: pl.Int64(), **table.schema, ACCEPTED: pl.Boolean()},
        "findings": {**FINDING, RECORDED_AT: MOMENT},
        "extras": {FILE: pl.String(), "header": pl.String()},
    }


def judge_ledger(table: Table, readings: Sequence[FileReading]) -> dict[str, pl.DataFrame]:
    """Give the tables of the verdicts on ``readings``, files of the ledger ``table``.

    ``rows`` holds every row with ``is_accepted``; ``findings`` carries the row's ``recorded_at``, null for a
    file's; their ``submission_id`` is the file's SHA-256. ``extras`` names columns beyond the contract.
    """
    sheets = [(reading, _named(table, sheet)) for reading in readings for sheet in reading.sheets]
    columns = _columns(table, sheets)
    broken = failing(columns, COLUMN_CHECKS)
    lacking = _lacking(columns[broken["index"]])
    usable = [(reading, _without_repeated(sheet)) for reading, sheet in sheets]
    rows = read_values(load_rows(table, usable), table.fields)
    checks = ledger_checks(table, lacking)
    failures = failing(rows, checks, table.schema)
    refused = pl.Series(failures["index"].unique(), dtype=pl.UInt32)
    judged = rows.with_row_index("index").with_columns(
        (~pl.col("index").is_in(refused.to_list()) & ~_uncertain(table, lacking)).alias(ACCEPTED)
    )
    found = findings_of(rows, failures, checks, table, _identity(table))
    recorded = rows.select(pl.col(FILE).alias("submission_id"), ROW, RECORDED_AT)
    refusals = refusal_findings(readings, "V20").with_columns(sheet=pl.lit(table.name))
    of_files = pl.concat([refusals, findings_of(columns, broken, COLUMN_CHECKS, table)])
    return {
        "rows": judged,
        "findings": pl.concat([of_files, found]).join(recorded, on=["submission_id", ROW], how="left"),
        "extras": _extras(sheets),
    }


def _named(table: Table, sheet: dict[str, Any]) -> dict[str, Any]:
    """Give the sheet of a CSV file with the field that each header names."""
    fields = {fold_name(field.header): field.name for field in table.fields}
    columns = [
        {**column, "field": fields.get(fold_name(column["header"] or ""))} for column in sheet["columns"]
    ]
    return {**sheet, "columns": columns}


def _columns(table: Table, sheets: Sequence[tuple[FileReading, dict[str, Any]]]) -> pl.DataFrame:
    counted = [
        (reading.file_id, Counter(column["field"] for column in sheet["columns"]))
        for reading, sheet in sheets
    ]
    return pl.DataFrame(
        [
            (file_id, field.name, field.required, counts[field.name])
            for file_id, counts in counted
            for field in table.fields
        ],
        schema={FILE: pl.String, "field": pl.String, "required": pl.Boolean, TIMES: pl.Int64},
        orient="row",
    )


def _lacking(columns: pl.DataFrame) -> dict[str, list[str]]:
    lacking: dict[str, list[str]] = {}
    for file_id, field in columns.select(FILE, "field").unique().iter_rows():
        lacking.setdefault(field, []).append(file_id)
    return lacking


def _without_repeated(sheet: dict[str, Any]) -> dict[str, Any]:
    """Give ``sheet`` with the cells of a column that stands twice left out: none of them can be relied on."""
    counts = Counter(column["field"] for column in sheet["columns"])
    return {**sheet, "columns": [column for column in sheet["columns"] if counts[column["field"]] == 1]}


def _uncertain(table: Table, lacking: dict[str, list[str]]) -> pl.Expr:
    """Tell whether the row's file lacks a column that the row needs."""
    by_need = {True: pl.lit(value=False), False: pl.lit(value=False)}
    for name, files in lacking.items():
        by_need[names_row(table.field(name))] |= pl.col(FILE).is_in(files)
    return by_need[True] | (by_need[False] & ~IS_VOID)


def _identity(table: Table) -> pl.Expr:
    parts = [
        pl.coalesce(pl.col(field.name).cast(pl.String), shown(pl.col(field.name + TEXT))).fill_null("")
        for field in table.fields
        if field.is_key
    ]
    return pl.concat_str(parts, separator=IDENTITY_SEPARATOR)


def _extras(sheets: Sequence[tuple[FileReading, dict[str, Any]]]) -> pl.DataFrame:
    found = [(reading.file_id, header) for reading, sheet in sheets for header in extra_headers(sheet)]
    return pl.DataFrame(found, schema={FILE: pl.String, "header": pl.String}, orient="row").unique(
        maintain_order=True
    )
