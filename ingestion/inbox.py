"""The inbox as it stands tonight: which files lie in it, and what each of them is.

Belongs here: opening any place that fsspec knows, listing it once, telling submissions from ledgers.
Does not belong here: copying files (``ingestion.receive``) and what stands in them.
"""

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import Any, BinaryIO
from zoneinfo import ZoneInfo

import fsspec

from ingestion.errors import InboxUnavailableError
from ingestion.seeds import load_seed

SHANGHAI = ZoneInfo("Asia/Shanghai")

STATISTICS_LEDGER = "provincial_statistics"
"""The ledger whose rows ``statistics/*.csv`` add to."""

MODIFICATION_KEYS = ("mtime", "LastModified", "last_modified", "updated", "modified")
"""Where the listings of the various file systems tell the modification time, if they do."""


CHANGE_KEY = "created"
"""Where the listing of a local folder tells when a file last changed in any way."""


@dataclass(frozen=True)
class InboxFile:
    """One file of the inbox: ``kind`` submission or ledger, or why it is passed over (``ignored``)."""

    path: str
    address: str
    size_bytes: int
    modified_at: datetime | None
    changed_at: datetime | None
    kind: str = ""
    ledger: str | None = None
    file_name: str = ""
    ignored: str | None = None


class Inbox:
    """A folder or URL that submissions and ledgers arrive in; it is only ever read."""

    def __init__(self, inbox: str) -> None:
        """Open ``inbox``; raise ``InboxUnavailableError`` where there is nothing of the name."""
        self.name = inbox
        try:
            self.files, self.root = fsspec.core.url_to_fs(inbox)
            self.root = self.root.rstrip("/")
            found = self.files.isdir(self.root)
        except (OSError, ImportError, ValueError) as error:
            raise _unavailable(inbox, str(error)) from error
        if not found:
            raise _unavailable(inbox, "no such folder")

    def list_files(self) -> list[InboxFile]:
        """Give every file of the inbox, sorted by path, from one listing."""
        try:
            self.files.invalidate_cache()  # a process that lives for days must see what arrives in them
            found = self.files.find(self.root, detail=True)
        except OSError as error:
            raise _unavailable(self.name, str(error)) from error
        ledgers = set(load_seed("ledger_fields")["ledger"])
        return sorted(
            (self._describe(address, entry, ledgers) for address, entry in found.items()),
            key=lambda file: file.path,
        )

    def open(self, file: InboxFile) -> BinaryIO | None:
        """Open ``file``; ``None`` when it has gone since it was listed."""
        try:
            stream: BinaryIO = self.files.open(file.address, "rb")
        except FileNotFoundError:
            return None
        except OSError as error:
            raise _unavailable(f"{self.name}: {file.path}", str(error)) from error
        return stream

    def _describe(self, address: str, entry: dict[str, Any], ledgers: set[str]) -> InboxFile:
        path = _readable(address[len(self.root) :].lstrip("/"))
        return InboxFile(
            path=path,
            address=address,
            size_bytes=int(entry.get("size") or 0),
            modified_at=(modified_at := self._modified_at(address, entry)),
            changed_at=_changed_at(modified_at, entry),
            **_classify(PurePosixPath(path), ledgers),
        )

    def _modified_at(self, address: str, entry: dict[str, Any]) -> datetime | None:
        stated = next((entry[key] for key in MODIFICATION_KEYS if entry.get(key) is not None), None)
        if stated is None:
            try:
                stated = self.files.modified(address)
            except (NotImplementedError, FileNotFoundError):
                return None
        return _shanghai(stated)


def _changed_at(modified_at: datetime | None, entry: dict[str, Any]) -> datetime | None:
    """Give when bytes or name last changed, where the listing tells (a local ``created`` is that moment).

    A copy that keeps the modification time of its source does not keep this one.
    """
    if modified_at is None or entry.get(CHANGE_KEY) is None:
        return modified_at
    return max(modified_at, _shanghai(entry[CHANGE_KEY]))


def _unavailable(inbox: str, reason: str) -> InboxUnavailableError:
    return InboxUnavailableError(
        f"无法读取收件目录 {inbox}：{reason}。请检查 COOPZONES_INBOX 是否存在、是否有读取权限。",
        f"The inbox {inbox} can't be read: {reason}. Check that COOPZONES_INBOX exists and may be read.",
    )


def _classify(path: PurePosixPath, ledgers: set[str]) -> dict[str, str]:
    if path.name.startswith("~$"):
        return {"ignored": "a lock file of an office program"}
    if any(part.startswith(".") for part in path.parts):
        return {"ignored": "hidden"}
    match path.parts, path.suffix.lower():
        case ("submissions", _, *_), ".xlsx":
            return {"kind": "submission", "file_name": str(path.relative_to("submissions"))}
        case (("ledgers", _), ".csv") | (("ledgers", _, _), ".csv"):
            return _ledger(path, path.stem if len(path.parts) == 2 else path.parts[1], ledgers)
        case ("statistics", _), ".csv":
            return _ledger(path, STATISTICS_LEDGER, ledgers)
    return {"ignored": "neither a workbook among the submissions nor a CSV among the ledgers"}


def _ledger(path: PurePosixPath, ledger: str, ledgers: set[str]) -> dict[str, str]:
    if ledger not in ledgers:
        return {"ignored": f"no ledger is called {ledger}"}
    return {"kind": "ledger", "ledger": ledger, "file_name": str(path)}


def _shanghai(stated: float | str | datetime) -> datetime:
    """Give the wall clock of Shanghai; a moment without an offset is UTC, as file systems have it."""
    if isinstance(stated, str):
        stated = datetime.fromisoformat(stated)
    elif not isinstance(stated, datetime):
        stated = datetime.fromtimestamp(stated, UTC)
    aware = stated if stated.tzinfo else stated.replace(tzinfo=UTC)
    return aware.astimezone(SHANGHAI).replace(tzinfo=None)


def _readable(path: str) -> str:
    """Give ``path`` as text that can be stored: a name that is no UTF-8 on disk is most often GB18030."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return os.fsencode(path).decode("gb18030", errors="backslashreplace")
    return path
