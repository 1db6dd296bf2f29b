"""Reading what is new: which files of a reception were never read, and who reads them.

Workbooks are read in child processes, so that one that brings its reader down brings down nothing else;
CSV files are read here. Does not belong here: how a file is read.
"""

import secrets
import shutil
from collections.abc import Iterator
from concurrent.futures import Future, as_completed
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import polars as pl
from pebble import ProcessExpired, ProcessPool

from ingestion.archive import archive_path
from ingestion.progress import Progress
from ingestion.reading.child import limit_this_process, read_workbook_here
from ingestion.reading.csv_file import read_csv
from ingestion.reading.lake import (
    Reading,
    Refusal,
    build_reading,
    move_into_lake,
    reading_folder,
    readings_folder,
)
from ingestion.receive import Reception

WORKBOOKS_A_CHILD = 64
"""After so many workbooks a child makes place for a fresh one, so that nothing piles up in its memory."""


@dataclass(frozen=True)
class ReadingSummary:
    """How many files were ``read`` tonight, and how many of these ``refused`` as unreadable."""

    read: int
    refused: int


@dataclass(frozen=True)
class _Task:
    path: str
    source: Path
    folder: Path


@dataclass(frozen=True)
class _Limits:
    workers: int
    memory_limit_bytes: int
    timeout_seconds: float


def read_new_files(  # noqa: PLR0913  the reader's settings
    reception: Reception,
    home: Path,
    *,
    workers: int,
    memory_limit_bytes: int,
    timeout_seconds: float,
    progress: Progress,
) -> ReadingSummary:
    """Read every file of ``reception`` that this version of the reader has not read yet into ``lake/read``.

    ``workers`` children read workbooks side by side, each with at most ``memory_limit_bytes`` of data and
    ``timeout_seconds`` a workbook; one that dies or takes too long makes a refusal of its file after a
    second try alone. Any other exception in a child is a defect and is raised here.
    """
    all_unfinished = readings_folder(home) / ".unfinished"
    shutil.rmtree(all_unfinished, ignore_errors=True)
    unfinished = all_unfinished / secrets.token_hex(8)
    ledgers, workbooks = _tasks(reception.files, home, "ledger"), _tasks(reception.files, home, "submission")
    progress.step("read", len(ledgers) + len(workbooks))
    refused = 0
    for task in ledgers:
        built = unfinished / secrets.token_hex(8)
        case = read_csv(task.source, built)
        move_into_lake(built, task.folder)
        refused += _tell(task, case, progress)
    limits = _Limits(workers, memory_limit_bytes, timeout_seconds)
    for task, case in _read_workbooks(workbooks, unfinished, limits):
        refused += _tell(task, case, progress)
    shutil.rmtree(unfinished, ignore_errors=True)
    return ReadingSummary(read=len(ledgers) + len(workbooks), refused=refused)


def _tasks(files: pl.DataFrame, home: Path, kind: str) -> list[_Task]:
    """Give what is to be read of ``kind``, the largest first, so that no child ends long after the others."""
    once = files.filter(pl.col("kind") == kind).sort("path").unique("sha256", keep="first")
    return [
        _Task(path, archive_path(home, sha256), reading_folder(home, sha256, kind))
        for path, sha256 in once.sort("size_bytes", "path", descending=[True, False])
        .select("path", "sha256")
        .iter_rows()
        if not reading_folder(home, sha256, kind).exists()
    ]


def _tell(task: _Task, case: str | None, progress: Progress) -> int:
    progress.advance()
    if case is None:
        return 0
    progress.note(f"{task.path}: can't be read ({case})")
    return 1


def _read_workbooks(
    tasks: list[_Task], unfinished: Path, limits: _Limits
) -> Iterator[tuple[_Task, str | None]]:
    """Read ``tasks`` into the lake and give each with the case of its refusal, if it was refused."""
    if not tasks:
        return
    failed = []
    for task, case, failure in _in_children(tasks, unfinished, limits, min(limits.workers, len(tasks))):
        if failure is None:
            yield task, case
        else:
            failed.append(task)
    for task in failed:
        for _, case, failure in _in_children([task], unfinished, limits, 1):
            if failure is not None:
                built = unfinished / secrets.token_hex(8)
                build_reading(Reading("workbook", failure), built)
                move_into_lake(built, task.folder)
            yield task, failure.case if failure else case


def _in_children(
    tasks: list[_Task], unfinished: Path, limits: _Limits, workers: int
) -> Iterator[tuple[_Task, str | None, Refusal | None]]:
    """Read ``tasks`` in ``workers`` children.

    Give each with the case of its refusal, or with the failure of a child that did not come through.
    """
    pool = ProcessPool(
        max_workers=workers,
        max_tasks=WORKBOOKS_A_CHILD,
        context=get_context("spawn"),
        initializer=limit_this_process,
        initargs=(limits.memory_limit_bytes,),
    )
    try:
        futures: dict[Future[str | None], tuple[_Task, Path]] = {}
        for task in tasks:
            built = unfinished / secrets.token_hex(8)
            arguments = [str(task.source), str(built)]
            future = pool.schedule(read_workbook_here, args=arguments, timeout=limits.timeout_seconds)
            futures[future] = task, built
        for done in as_completed(futures):
            task, built = futures[done]
            try:
                case = done.result()
            except (ProcessExpired, MemoryError):
                yield task, None, Refusal("reader_died", limit=str(limits.memory_limit_bytes))
            except TimeoutError:
                yield task, None, Refusal("reader_timed_out", limit=str(limits.timeout_seconds))
            else:
                move_into_lake(built, task.folder)
                yield task, case, None
    finally:
        pool.stop()
        pool.join()
