"""Receiving: what lies in the inbox tonight is archived, and what was never seen before is named.

Belongs here: copying new files into the archive and keeping account of what was seen when.
Does not belong here: how an inbox is listed (``ingestion.inbox``), how bytes are kept
(``ingestion.archive``), what a file says (``ingestion.reading``).
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Self

import polars as pl

from ingestion.archive import ARRIVALS_SCHEMA, Archive, archive_path
from ingestion.inbox import FileLeftError, Inbox
from ingestion.inbox_entries import SHANGHAI, InboxFile
from ingestion.places.limits import InboxLimits, Reason
from ingestion.progress import Progress
from ingestion.sources.tonight import SourcesTonight

FILES_SCHEMA = pl.Schema(
    {
        "path": pl.String(),
        "kind": pl.String(),
        "ledger": pl.String(),
        "file_name": pl.String(),
        "sha256": pl.String(),
        "size_bytes": pl.Int64(),
        "modified_at": pl.Datetime("us"),
        "first_seen_at": pl.Datetime("us"),
    }
)

IGNORED_SCHEMA = pl.Schema({"path": pl.String(), "reason_zh": pl.String(), "reason_en": pl.String()})

GONE = "gone"
"""The case (``inbox_messages``) of a file that was taken away between its listing and its turn."""

_Identity = tuple[str, int, datetime | None, str | None]
"""Path, size, time of change, entity tag: by these a file is known again without its bytes."""


def no_files() -> pl.DataFrame:
    """Give a table of ``FILES_SCHEMA`` without rows."""
    return pl.DataFrame(schema=FILES_SCHEMA)


@dataclass(frozen=True)
class Reception:
    """What a night found in the inbox, and how the outside sources stand beside it.

    ``files`` has a row a submission or ledger file present tonight, sorted by path, with the columns of
    ``FILES_SCHEMA``: ``kind`` is submission or ledger, ``file_name`` the path by which receipts and findings
    call it, ``modified_at`` (Shanghai wall clock) what the first night saw of these bytes at this path, or
    its own moment where the inbox tells none. ``ignored`` (``IGNORED_SCHEMA``, sorted by path) is everything
    that lies there and is not taken, or not as it lies there tonight. ``inbox`` is its address as people may
    read it. ``new_files`` and ``new_bytes`` count what no night before has seen. Receiving itself leaves
    ``outside`` without sources; what they brought joins ``files`` as ledger files (``ingestion.sources``).
    """

    inbox: str
    files: pl.DataFrame
    ignored: pl.DataFrame
    new_files: int
    new_bytes: int
    outside: SourcesTonight = field(default_factory=SourcesTonight)

    @property
    def inputs(self) -> pl.DataFrame:
        """What the night was made from: ``path``, ``kind``, ``sha256``, ``size_bytes``; raw answers too."""
        return pl.concat([self.files.select(self.outside.answers.columns), self.outside.answers])

    def beside(self, files: pl.DataFrame, outside: SourcesTonight) -> Self:
        """Give the reception with what outside sources brought (``FILES_SCHEMA``) and how they stand."""
        together = pl.concat([self.files, files]).sort("path")
        return replace(self, files=together, outside=outside)


@dataclass(frozen=True)
class _Copy:
    file: InboxFile
    sha256: str
    size_bytes: int


@dataclass(frozen=True)
class _Fetched:
    """What was copied tonight, and why each other new file was not."""

    copies: list[_Copy] = field(default_factory=list)
    left: dict[str, Reason] = field(default_factory=dict)


def receive(
    inbox: str,
    home: Path,
    progress: Progress,
    *,
    limits: InboxLimits | None = None,
    tell_listing: Callable[[Sequence[InboxFile]], None] | None = None,
) -> Reception:
    """Archive what is new in ``inbox`` (a folder or a URL that fsspec opens) below ``home``.

    A file whose path, size, time of change and entity tag are known is not fetched again. A file that can't
    be had whole is left for the next night and told (``ignored``); the bytes received of it before, if any,
    stand meanwhile. ``tell_listing`` is told what was listed; ``limits`` are the seed's unless given.

    Raises ``InboxUnavailableError`` when the inbox does not exist or is lost on the way (what was copied by
    then stays known) and ``HomeNotWritableError`` when the home can't be written.
    """
    now = datetime.now(SHANGHAI).replace(tzinfo=None)
    with Inbox(inbox, limits) as source:
        archive = Archive(home)
        listed = source.list_files()
        if tell_listing is not None:
            tell_listing(listed)
        present = [file for file in listed if not file.ignored]
        arrivals = archive.read_arrivals()
        known = _known(arrivals, archive)
        unknown = [file for file in present if _identity(file) not in known]
        fetched = _Fetched()
        try:
            _fetch(source, archive, unknown, fetched, progress)
        finally:
            seen = _add(arrivals, fetched.copies, now)
            if fetched.copies:
                archive.write_arrivals(seen)
    here = {file.path: known[_identity(file)] for file in present if _identity(file) in known}
    here.update({copy.file.path: copy.sha256 for copy in fetched.copies})
    standing = _standing(fetched, arrivals, archive)
    reasons = _reasons(listed, fetched, standing)
    for path, reason in reasons.items():
        progress.note(f"{path}: {reason}")
    new = seen.join(arrivals, on=["path", "sha256"], how="anti")
    return Reception(
        inbox=source.name,
        files=_files(present, here | standing, seen),
        ignored=pl.DataFrame(
            [(path, reason.zh, reason.en) for path, reason in reasons.items() if reason.case_id != GONE],
            schema=IGNORED_SCHEMA,
            orient="row",
        ),
        new_files=new.height,
        new_bytes=int(new["size_bytes"].sum()),
    )


def _identity(file: InboxFile) -> _Identity:
    return file.path, file.size_bytes, file.changed_at, file.entity_tag


def _known(arrivals: pl.DataFrame, archive: Archive) -> dict[_Identity, str]:
    """Give the bytes of every version of a file seen before and still in the archive."""
    rows = arrivals.select("path", "size_bytes", "last_changed_at", "entity_tag", "sha256").iter_rows()
    return {
        (path, size, changed_at, entity_tag): sha256
        for path, size, changed_at, entity_tag, sha256 in rows
        if changed_at is not None and archive_path(archive.home, sha256).exists()
    }


def _fetch(
    source: Inbox, archive: Archive, unknown: list[InboxFile], fetched: _Fetched, progress: Progress
) -> None:
    """Copy ``unknown`` files, several at once, and write down in ``fetched`` what became of each."""

    def copy(file: InboxFile) -> _Copy | Reason:
        try:
            return _Copy(file, *source.fetch(file, archive.keep))
        except FileLeftError as error:
            return error.reason

    progress.step("receive", len(unknown))
    in_turn = sorted(unknown, key=source.is_quiet, reverse=True)  # who has to be waited for comes last
    with ThreadPoolExecutor(source.limits.copies_at_once) as threads:
        for file, outcome in zip(in_turn, threads.map(copy, in_turn), strict=True):
            if isinstance(outcome, Reason):
                fetched.left[file.path] = outcome
            else:
                fetched.copies.append(outcome)
            progress.advance()


def _standing(fetched: _Fetched, arrivals: pl.DataFrame, archive: Archive) -> dict[str, str]:
    """Give the bytes last received of each file that lies there and can't be had tonight."""
    left = [path for path, reason in fetched.left.items() if reason.case_id != GONE]
    rows = (
        arrivals.filter(pl.col("path").is_in(left))
        .sort("last_changed_at", "first_seen_at", nulls_last=False)
        .select("path", "sha256")
        .iter_rows()
    )
    return {path: sha256 for path, sha256 in rows if archive_path(archive.home, sha256).exists()}


def _reasons(listed: list[InboxFile], fetched: _Fetched, standing: Mapping[str, str]) -> dict[str, Reason]:
    """Give, by path, why files are not taken tonight."""
    reasons = {file.path: file.ignored for file in listed if file.ignored} | fetched.left
    return {
        path: reason.and_then("earlier_stands") if path in standing else reason
        for path, reason in sorted(reasons.items())
    }


def _add(arrivals: pl.DataFrame, copies: list[_Copy], now: datetime) -> pl.DataFrame:
    """Give ``arrivals`` with tonight's copies: bytes seen before at their path keep their first times."""
    rows = [
        (
            copy.file.path,
            copy.sha256,
            copy.size_bytes,
            copy.file.modified_at or now,
            now,
            copy.file.changed_at,
            copy.file.entity_tag,
        )
        for copy in copies
    ]
    tonight = pl.DataFrame(rows, schema=ARRIVALS_SCHEMA, orient="row")
    return (
        pl.concat([arrivals.select(ARRIVALS_SCHEMA.names()), tonight])
        .group_by("path", "sha256", maintain_order=True)
        .agg(
            pl.first("size_bytes", "modified_at", "first_seen_at"),
            pl.last("last_changed_at", "entity_tag"),
        )
    )


def _files(present: list[InboxFile], here: dict[str, str], seen: pl.DataFrame) -> pl.DataFrame:
    found = pl.DataFrame(
        [
            (file.path, file.kind, file.ledger, file.file_name, here[file.path])
            for file in present
            if file.path in here
        ],
        schema=dict.fromkeys(("path", "kind", "ledger", "file_name", "sha256"), pl.String),
        orient="row",
    )
    times = seen.select("path", "sha256", "size_bytes", "modified_at", "first_seen_at")
    return found.join(times, on=["path", "sha256"], how="left").select(FILES_SCHEMA.names()).sort("path")
