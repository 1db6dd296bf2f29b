"""What has no verdict of these rules yet is judged; what has one is left alone.

Belongs here: which files are judged tonight, many at once, and where their verdicts are kept. Does not belong
here: how they are judged.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl

from ingestion.judging.contract import Table, ledgers, shaped
from ingestion.judging.ledger_verdicts import judge_ledger, ledger_schemas
from ingestion.judging.ledgers_in_force import LEDGER_FILE
from ingestion.judging.readings import FILE, FileReading, open_reading
from ingestion.judging.rule_set import RuleSet
from ingestion.judging.submissions import judge_workbooks
from ingestion.judging.verdicts import (
    clear_unfinished,
    judged_folder,
    publish_tables,
    write_empty,
    write_verdicts,
)
from ingestion.progress import Progress
from ingestion.reading.lake import reading_folder

ROWS_AT_ONCE = 200_000
FILES_AT_ONCE = 100
"""A batch ends at whichever comes first: memory follows the rows, progress the files."""

LEDGERS = "_ledgers"


def judge_new_submissions(files: pl.DataFrame, home: Path, rules: RuleSet, progress: Progress) -> int:
    """Judge the submissions of ``files`` (of a ``Reception``) that have no verdict yet; give how many."""
    folder = judged_folder(home, rules.version)
    clear_unfinished(folder)
    write_empty(folder)
    present = files.filter(kind="submission").sort("path")["sha256"].unique(maintain_order=True)
    new = [sha256 for sha256 in present if not (folder / sha256).exists()]
    progress.step("judge", len(new))
    readings = (open_reading(sha256, reading_folder(home, sha256, "submission")) for sha256 in new)
    for batch in _batches(readings):
        write_verdicts(judge_workbooks(batch, rules), [reading.file_id for reading in batch], folder)
        progress.advance(len(batch))
    return len(new)


def ledgers_judged(
    files: pl.DataFrame, home: Path, rules: RuleSet
) -> Iterator[tuple[Table, pl.DataFrame, dict[str, pl.DataFrame]]]:
    """Give every ledger of the contract with its files and the tables of their verdicts.

    The files (``file_id``, ``ledger_file``) are those of ``files`` (of a ``Reception``); identical bytes are
    one file, at the smallest path. Files without a verdict are judged first.
    """
    for table in ledgers().values():
        own = files.filter(kind="ledger", ledger=table.name).sort("file_name")
        once = own.unique("sha256", keep="first", maintain_order=True)
        folder = judged_folder(home, rules.version) / LEDGERS / table.name
        new = [sha256 for sha256 in once["sha256"] if not (folder / sha256).exists()]
        _judge_new_files(
            table, [open_reading(sha256, reading_folder(home, sha256, "ledger")) for sha256 in new], folder
        )
        yield (
            table,
            once.select(pl.col("sha256").alias(FILE), pl.col("file_name").alias(LEDGER_FILE)),
            {
                name: _load(schema, [folder / sha256 / f"{name}.parquet" for sha256 in once["sha256"]])
                for name, schema in ledger_schemas(table).items()
            },
        )


def _batches(readings: Iterator[FileReading]) -> Iterator[list[FileReading]]:
    batch: list[FileReading] = []
    rows = 0
    for reading in readings:
        if batch and (rows + reading.rows > ROWS_AT_ONCE or len(batch) == FILES_AT_ONCE):
            yield batch
            batch, rows = [], 0
        batch.append(reading)
        rows += reading.rows
    if batch:
        yield batch


def _judge_new_files(table: Table, readings: Sequence[FileReading], folder: Path) -> None:
    if not readings:
        return
    clear_unfinished(folder)
    verdicts = judge_ledger(table, readings)
    for reading in readings:
        own = {
            name: shaped(verdicts[name], schema).filter(pl.col(next(iter(schema))) == reading.file_id)
            for name, schema in ledger_schemas(table).items()
        }
        publish_tables(own, folder / reading.file_id, folder)


def _load(schema: dict[str, pl.DataType], paths: Sequence[Path]) -> pl.DataFrame:
    return pl.concat([pl.DataFrame(schema=schema), *(pl.read_parquet(path) for path in paths)])
