"""Workbooks checked away from the night: the same receiving, reading and judging, in a home of their own.

Belongs here: making an inbox of a few files and telling which verdict is whose. Does not belong here: any
rule; what is said of the outcome.
"""

import importlib
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path, PurePosixPath
from threading import Thread
from typing import Any

import polars as pl

from ingestion.archive import Archive, archive_path
from ingestion.child_limits import ChildLimits
from ingestion.inbox import FileLeftError, Inbox
from ingestion.judging.night import NightSummary, judge_night
from ingestion.judging.verdicts import SUBMISSION
from ingestion.places.limits import InboxLimits
from ingestion.progress import Progress
from ingestion.reading.lake import reading_folder
from ingestion.reading.new_files import read_new_files
from ingestion.receive import Reception, receive

SHORTLY = timedelta(seconds=1)
"""How long after a workbook was received its night looks: a file's time of change may be a rounded one."""

LAID_WHOLE = {"quiet_seconds": 0}
"""Nobody writes into the inbox that is made here: there is nothing to wait for."""


@dataclass(frozen=True)
class CheckedWorkbook:
    """The verdict on one workbook.

    ``findings`` has the columns of a finding (``docs/lake.md``); ``cover`` what its cover says;
    ``reading`` is its folder of ``lake/read``. ``passed_over`` tells why an inbox would not take the file,
    by language (zh, en); then there is nothing else.
    """

    path: Path
    submission_id: str = ""
    reading: Path = Path()
    is_rejected: bool = True
    cover: Mapping[str, Any] | None = None
    findings: pl.DataFrame | None = None
    passed_over: Mapping[str, str] | None = None


@dataclass(frozen=True)
class CheckedNight:
    """The night in which workbooks were checked: its files, verdicts and moment, and each workbook's own."""

    reception: Reception
    summary: NightSummary
    as_of: datetime
    workbooks: tuple[CheckedWorkbook, ...]


def check_workbooks(  # noqa: PLR0913  a night's settings
    files: Sequence[Path],
    home: Path,
    *,
    received_at: datetime,
    parameters: Mapping[str, str],
    limits: ChildLimits,
    progress: Progress,
    ledgers_of: str | None = None,
) -> CheckedNight:
    """Judge ``files`` as if an inbox had received them at ``received_at`` (aware), in the new home ``home``.

    ``ledgers_of`` is an inbox whose ledgers are laid beside them, but for the receipts. Raises
    ``InboxUnavailableError`` when that can't be read, and ``OSError`` when a file can't.
    """
    inbox = home / "inbox"
    for number, file in enumerate(files):
        _lay(file, inbox / "submissions" / str(number) / file.name, received_at)
    if ledgers_of is not None:
        _lay_ledgers(ledgers_of, inbox, Archive(home), progress)
    reception = receive(str(inbox), home, progress, limits=replace(InboxLimits.of_the_seed(), **LAID_WHOLE))
    # Judging needs pandera, which takes a second to import: meanwhile the child reads.
    importing = Thread(target=importlib.import_module, args=("pandera.polars",))
    importing.start()
    read_new_files(
        reception,
        home,
        workers=limits.workers,
        memory_limit_bytes=limits.memory_limit_bytes,
        timeout_seconds=limits.timeout_seconds,
        progress=progress,
    )
    importing.join()
    as_of = received_at + SHORTLY
    summary = judge_night(reception, home, as_of=as_of, parameters=parameters, progress=progress)
    verdicts = tuple(_verdict(number, file, home, reception, summary) for number, file in enumerate(files))
    return CheckedNight(reception, summary, as_of, verdicts)


def _lay(file: Path, place: Path, received_at: datetime) -> None:
    place.parent.mkdir(parents=True)
    shutil.copyfile(file, place)
    os.utime(place, (received_at.timestamp(), received_at.timestamp()))


def _lay_ledgers(ledgers_of: str, inbox: Path, archive: Archive, progress: Progress) -> None:
    with Inbox(ledgers_of) as source:
        for file in source.list_files():
            if file.kind != "ledger" or file.ledger == "receipts":
                continue
            place = inbox / file.path
            place.parent.mkdir(parents=True, exist_ok=True)
            try:
                sha256, _ = source.fetch(file, archive.keep)
            except FileLeftError as error:
                progress.note(f"{file.path}: {error.reason}")
            else:
                shutil.copyfile(archive_path(archive.home, sha256), place)


def _verdict(
    number: int, file: Path, home: Path, reception: Reception, summary: NightSummary
) -> CheckedWorkbook:
    prefix = str(PurePosixPath("submissions", str(number))) + "/"
    passed_over = reception.ignored.filter(pl.col("path").str.starts_with(prefix))
    if passed_over.height:
        said = passed_over.row(0, named=True)
        return CheckedWorkbook(file, passed_over={"zh": said["reason_zh"], "en": said["reason_en"]})
    submission_id = reception.files.filter(pl.col("path").str.starts_with(prefix))["sha256"].item()
    judged = summary.judged_folder / submission_id
    tonight = pl.read_parquet(summary.night_folder / "findings.parquet").filter(
        pl.col(SUBMISSION) == submission_id
    )
    cover = pl.read_parquet(judged / "cover.parquet").row(0, named=True)
    return CheckedWorkbook(
        path=file,
        submission_id=submission_id,
        reading=reading_folder(home, submission_id, "submission"),
        is_rejected=cover["is_rejected"] or tonight.height > 0,
        cover=cover,
        findings=pl.concat([pl.read_parquet(judged / "findings.parquet"), tonight]),
    )
