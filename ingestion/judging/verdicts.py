"""``lake/judged``: the tables of a verdict, and how a folder of it appears whole or not at all.

Belongs here: the shape of what judging hands on, file by file. Does not belong here: how it comes about.
"""

import secrets
import shutil
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import polars as pl

from ingestion.judging.contract import COVER, row_tables, shaped, workbook_tables
from ingestion.judging.findings import FINDING
from ingestion.judging.structure import EXTRAS

SUBMISSION = "submission_id"
EMPTY = "_empty"
UNFINISHED = ".unfinished"
WRITERS = 4

KEYS = {SUBMISSION: pl.String(), "row_number": pl.Int64()}
QUARANTINE = {
    **KEYS,
    "table_name": pl.String(),
    "sheet": pl.String(),
    "rule_ids": pl.String(),
    "cells": pl.String(),
}
ROW_COUNTS = {
    **KEYS,
    "table_name": pl.String(),
    "rows_read": pl.Int64(),
    "rows_accepted": pl.Int64(),
    "rows_quarantined": pl.Int64(),
}


def verdict_schemas() -> dict[str, dict[str, pl.DataType]]:
    """Give the columns of every table of a verdict, by the name of its file."""
    cover = workbook_tables()[COVER].schema
    counts = {"roster_rows": pl.Int64(), "quarantined_rows": pl.Int64(), "is_rejected": pl.Boolean()}
    return {
        COVER: {**KEYS, **cover, **counts},
        **{table.name: {**KEYS, **table.schema} for table in row_tables()},
        "quarantine": QUARANTINE,
        "extras": EXTRAS,
        "row_counts": ROW_COUNTS,
        "findings": FINDING,
    }


def judged_folder(home: Path, rules_version: str) -> Path:
    """Give the folder of the verdicts of ``rules_version``."""
    return home / "lake" / "judged" / rules_version


def write_empty(folder: Path) -> None:
    """Write the tables with no rows, so that a pattern over all verdicts always finds a file."""
    if not (folder / EMPTY).exists():
        tables = {name: pl.DataFrame(schema=schema) for name, schema in verdict_schemas().items()}
        publish_tables(tables, folder / EMPTY, folder)


def write_verdicts(tables: Mapping[str, pl.DataFrame], submission_ids: Sequence[str], folder: Path) -> None:
    """Write a folder a submission below ``folder`` (which has the empty one) from the ``tables`` of many."""
    schemas = verdict_schemas()
    split: dict[str, dict[tuple[object, ...], pl.DataFrame]] = {
        name: shaped(tables[name], schema).partition_by(SUBMISSION, as_dict=True)
        for name, schema in schemas.items()
    }

    empty = {name: (folder / EMPTY / f"{name}.parquet").read_bytes() for name in schemas}

    def write(submission_id: str) -> None:
        own = {name: parts.get((submission_id,), empty[name]) for name, parts in split.items()}
        publish_tables(own, folder / submission_id, folder)

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(write, submission_ids))


def publish_tables(tables: Mapping[str, pl.DataFrame | bytes], target: Path, folder: Path) -> None:
    """Write ``tables`` (frames, or Parquet as it is) beside ``target`` and move them there in one step."""
    built = folder / UNFINISHED / secrets.token_hex(8)
    built.mkdir(parents=True)
    for name, table in tables.items():
        file = built / f"{name}.parquet"
        if isinstance(table, bytes):
            file.write_bytes(table)
        else:
            table.write_parquet(file, compression="uncompressed", statistics=False)
    target.parent.mkdir(parents=True, exist_ok=True)
    built.rename(target)


def clear_unfinished(folder: Path) -> None:
    """Remove what a killed run left half written."""
    shutil.rmtree(folder / UNFINISHED, ignore_errors=True)
