"""Receiving: what lies in the inbox tonight is archived, and what was never seen before is named.

Belongs here: copying new files into the archive and keeping account of what was seen when.
Does not belong here: how an inbox is listed (``ingestion.inbox``), how bytes are kept
(``ingestion.archive``), what a file says (``ingestion.reading``).
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Self

import polars as pl

from ingestion.archive import ARRIVALS_SCHEMA, Archive, archive_path
from ingestion.inbox import SHANGHAI, Inbox, InboxFile
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


def no_files() -> pl.DataFrame:
    """Give a table of ``FILES_SCHEMA`` without rows."""
    return pl.DataFrame(schema=FILES_SCHEMA)


COPIES_AT_ONCE = 8
"""Files fetched side by side: with a remote inbox it is waiting, not work, that takes the time."""


@dataclass(frozen=True)
class Reception:
    """What a night found in the inbox, and how the outside sources stand beside it.

    ``files`` has a row a submission or ledger file present tonight, sorted by path, with the columns of
    ``FILES_SCHEMA``: ``kind`` is submission or ledger, ``file_name`` the path by which receipts and findings
    call it, ``modified_at`` (Shanghai wall clock) what the first night saw of these bytes at this path, or
    its own moment where the inbox tells none. ``ignored`` (path, reason) is everything else that lies there.
    ``new_files`` and ``new_bytes`` count what no night before has seen. Receiving itself leaves ``outside``
    without sources; what they brought joins ``files`` as ledger files (``ingestion.sources``).
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


def receive(inbox: str, home: Path, progress: Progress) -> Reception:
    """Archive what is new in ``inbox`` (a folder or a URL that fsspec opens) below ``home``.

    A file whose path, size and time of change are known is not fetched again. Raises
    ``InboxUnavailableError`` when the inbox does not exist and ``HomeNotWritableError`` when the home can't
    be written.
    """
    source, archive = Inbox(inbox), Archive(home)
    now = datetime.now(SHANGHAI).replace(tzinfo=None)
    listed = source.list_files()
    ignored = [file for file in listed if file.ignored]
    for file in ignored:
        progress.note(f"{file.path}: passed over ({file.ignored})")
    present = [file for file in listed if not file.ignored]
    arrivals = archive.read_arrivals()
    known = _known(arrivals, archive)
    unknown = [file for file in present if _identity(file) not in known]
    copies = _copy(source, archive, unknown, progress)
    seen = _add(arrivals, copies, now)
    if copies:
        archive.write_arrivals(seen)
    here = {file.path: known[_identity(file)] for file in present if _identity(file) in known}
    here.update({copy.file.path: copy.sha256 for copy in copies})
    new = seen.join(arrivals, on=["path", "sha256"], how="anti")
    return Reception(
        inbox=inbox,
        files=_files(present, here, seen),
        ignored=pl.DataFrame(
            [(file.path, file.ignored) for file in ignored],
            schema={"path": pl.String, "reason": pl.String},
            orient="row",
        ),
        new_files=new.height,
        new_bytes=int(new["size_bytes"].sum()),
    )


def _identity(file: InboxFile) -> tuple[str, int, datetime | None]:
    return file.path, file.size_bytes, file.changed_at


def _known(arrivals: pl.DataFrame, archive: Archive) -> dict[tuple[str, int, datetime | None], str]:
    """Give the bytes of every (path, size, time of change) seen before and still in the archive."""
    rows = arrivals.select("path", "size_bytes", "last_changed_at", "sha256").iter_rows()
    return {
        (path, size, changed_at): sha256
        for path, size, changed_at, sha256 in rows
        if changed_at is not None and archive_path(archive.home, sha256).exists()
    }


def _copy(source: Inbox, archive: Archive, unknown: list[InboxFile], progress: Progress) -> list[_Copy]:
    def copy(file: InboxFile) -> _Copy | None:
        stream = source.open(file)
        if stream is None:
            return None
        with stream:
            return _Copy(file, *archive.keep(stream))

    progress.step("receive", len(unknown))
    copies = []
    with ThreadPoolExecutor(COPIES_AT_ONCE) as threads:
        for file, copied in zip(unknown, threads.map(copy, unknown), strict=True):
            if copied is None:
                progress.note(f"{file.path}: gone before it could be copied")
            else:
                copies.append(copied)
            progress.advance()
    return copies


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
        )
        for copy in copies
    ]
    tonight = pl.DataFrame(rows, schema=ARRIVALS_SCHEMA, orient="row")
    return (
        pl.concat([arrivals.select(ARRIVALS_SCHEMA.names()), tonight])
        .group_by("path", "sha256", maintain_order=True)
        .agg(
            pl.first("size_bytes", "modified_at", "first_seen_at"),
            pl.last("last_changed_at"),
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
