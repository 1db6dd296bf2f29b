"""Append-only ledgers at a moment: what is visible, and which row of a key is in force.

Belongs here: the semantics of a ledger. Does not belong here: whether a row is right (``ledger_verdicts``).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from ingestion.judging.contract import Table, shaped
from ingestion.judging.findings import FINDING, IDENTITY_SEPARATOR
from ingestion.judging.ledger_rules import IS_VOID, RECORDED_AT
from ingestion.judging.ledger_verdicts import ACCEPTED
from ingestion.judging.readings import FILE, ROW

LEDGER_FILE = "ledger_file"
IN_FORCE = "is_in_force"
IDENTITY = "row_identity"

COUNTS = {
    "ledger": pl.String(),
    LEDGER_FILE: pl.String(),
    "rows_read": pl.Int64(),
    "rows_accepted": pl.Int64(),
    "rows_quarantined": pl.Int64(),
    "rows_later": pl.Int64(),
}
LEDGER_EXTRAS = {"ledger": pl.String(), LEDGER_FILE: pl.String(), "header": pl.String()}


@dataclass(frozen=True)
class LedgerAtMoment:
    """A ledger as a moment sees it: its accepted ``rows``, ``counts`` a file, ``extras`` and ``findings``."""

    rows: pl.DataFrame
    counts: pl.DataFrame
    extras: pl.DataFrame
    findings: pl.DataFrame


def ledger_at(
    table: Table, files: pl.DataFrame, verdicts: Mapping[str, pl.DataFrame], moment: datetime
) -> LedgerAtMoment:
    """Give the ledger ``table`` at ``moment`` (Shanghai wall clock).

    ``files`` has ``file_id`` and ``ledger_file``, the path, a row a file; ``verdicts`` the tables of
    ``ledger_verdicts.ledger_schemas``. A row whose moment of recording can't be read can't be called later.
    """
    rows = verdicts["rows"].join(files, on=FILE, how="inner")
    is_later = (pl.col(RECORDED_AT) > moment).fill_null(value=False)
    visible = rows.filter(pl.col(ACCEPTED) & ~is_later)
    findings = verdicts["findings"].rename({"submission_id": FILE}).join(files, on=FILE, how="inner")
    return LedgerAtMoment(
        rows=_in_force(table, visible),
        counts=_counts(table, files, rows.with_columns(is_later=is_later)),
        extras=shaped(
            verdicts["extras"].join(files, on=FILE, how="inner").with_columns(ledger=pl.lit(table.name)),
            LEDGER_EXTRAS,
        ),
        findings=_located(findings.filter(~is_later)),
    )


def _in_force(table: Table, visible: pl.DataFrame) -> pl.DataFrame:
    """Mark the row of each key that counts: recorded last, then last by path and row, and not void.

    ``row_identity`` is the key as findings give it: rows of one key share it.
    """
    key = [field.name for field in table.fields if field.is_key]
    ordered = visible.sort(RECORDED_AT, LEDGER_FILE, ROW)
    is_last = pl.int_range(pl.len()).over(key) == pl.len().over(key) - 1
    marked = ordered.with_columns(
        (is_last & ~IS_VOID).alias(IN_FORCE),
        pl.concat_str(pl.col(key).cast(pl.String), separator=IDENTITY_SEPARATOR).alias(IDENTITY),
    )
    columns = {
        LEDGER_FILE: pl.String(),
        ROW: pl.Int64(),
        IN_FORCE: pl.Boolean(),
        IDENTITY: pl.String(),
    }
    return shaped(marked.sort(LEDGER_FILE, ROW), {**table.schema, **columns})


def _counts(table: Table, files: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    accepted, later = pl.col(ACCEPTED), pl.col("is_later")
    counted = rows.group_by(LEDGER_FILE).agg(
        rows_read=pl.len(),
        rows_accepted=(accepted & ~later).sum(),
        rows_quarantined=(~accepted & ~later).sum(),
        rows_later=later.sum(),
    )
    every = files.select(LEDGER_FILE, ledger=pl.lit(table.name)).join(counted, on=LEDGER_FILE, how="left")
    return shaped(every.fill_null(0), COUNTS).sort(LEDGER_FILE)


def _located(findings: pl.DataFrame) -> pl.DataFrame:
    """Let each message say in which file; a ledger may be kept in several."""
    told = findings.with_columns(
        message_zh=pl.concat_str(LEDGER_FILE, pl.lit("："), "message_zh"),
        message_en=pl.concat_str(LEDGER_FILE, pl.lit(": "), "message_en"),
        submission_id=pl.lit(None, pl.String),
    )
    return shaped(told.sort(LEDGER_FILE, ROW, "rule_id", "field"), FINDING)
