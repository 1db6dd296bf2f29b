"""Opening what was sent happens in child processes with limits, as reading does.

Belongs here: handing letters to children and telling which of them did not come through.
"""

import warnings
import zipfile
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from pebble import ProcessExpired, ProcessPool

from ingestion.child_limits import ChildLimits
from ingestion.judging.readings import FileReading
from ingestion.reading.child import limit_this_process
from publication.returned.letter import Letter
from publication.workbook_limits import workbook_limit

WORKBOOKS_A_CHILD = 64
"""After so many workbooks a child makes place for a fresh one, so that nothing piles up in its memory."""


@dataclass(frozen=True)
class MarkingTask:
    """A workbook to mark: the bytes that were sent, where the copy goes, what it says."""

    source: Path
    target: Path
    letter: Letter


def not_markable(source: Path, reading: FileReading | None) -> str | None:
    """Give why ``source`` gets its list alone before anybody opens it; ``None`` when it may be opened."""
    if not source.exists():
        return "存档中没有该文件 / not in the archive"
    if reading is None or reading.refusal is not None:
        return "工作簿无法打开 / the workbook cannot be opened"
    with zipfile.ZipFile(source) as archive:
        unpacked = sum(part.file_size for part in archive.infolist())
    most = workbook_limit("max_marked_bytes")
    if unpacked > most:
        return f"工作簿过大（{unpacked} > {most}） / too large to mark"
    return None


def mark_here(source: str, target: str, letter: Letter) -> str | None:
    """Mark one workbook in this process; see ``publication.returned.marking.mark_workbook``."""
    from publication.returned.marking import mark_workbook  # noqa: PLC0415  only once the limits stand

    warnings.simplefilter("ignore")  # of what the library leaves out, which scrubbing takes out anyway
    return mark_workbook(Path(source), Path(target), letter)


def mark_in_children(
    tasks: Sequence[MarkingTask], limits: ChildLimits
) -> Iterator[tuple[MarkingTask, str | None]]:
    """Mark ``tasks`` in children; give each with why it could not be marked, ``None`` when it was.

    A child that dies takes one workbook along at most twice: what was running beside it is tried again alone.
    """
    if not tasks:
        return
    failed = []
    for task, failure, is_final in _round(tasks, limits, min(limits.workers, len(tasks))):
        if is_final:
            yield task, failure
        else:
            failed.append(task)
    for task in failed:
        for again, failure, _ in _round([task], limits, 1):
            yield again, failure


def _round(
    tasks: Sequence[MarkingTask], limits: ChildLimits, workers: int
) -> Iterator[tuple[MarkingTask, str | None, bool]]:
    seconds = min(limits.timeout_seconds, workbook_limit("max_marking_seconds"))
    pool = ProcessPool(
        max_workers=workers,
        max_tasks=WORKBOOKS_A_CHILD,
        context=get_context("spawn"),
        initializer=limit_this_process,
        initargs=(limits.memory_limit_bytes,),
    )
    try:
        futures: dict[Future[str | None], MarkingTask] = {}
        for task in tasks:
            arguments = [str(task.source), str(task.target), task.letter]
            futures[pool.schedule(mark_here, args=arguments, timeout=seconds)] = task
        for done in as_completed(futures):
            task = futures[done]
            try:
                failure, is_final = done.result(), True
            except (ProcessExpired, BrokenProcessPool, MemoryError):
                failure, is_final = f"more than {limits.memory_limit_bytes} bytes of memory", False
            except TimeoutError:
                failure, is_final = f"more than {seconds} seconds", True
            if failure is not None:
                task.target.unlink(missing_ok=True)
            yield task, failure, is_final
    finally:
        pool.stop()
        pool.join()
