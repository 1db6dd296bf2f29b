"""What an entry of a listing is: a submission, a ledger's file, or passed over and why.

Belongs here: reading what the listings of the various back ends say, and telling kinds of files by their
paths. Does not belong here: asking a place anything (``ingestion.inbox``).
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from functools import cache
from pathlib import PurePosixPath
from typing import Any
from zoneinfo import ZoneInfo

from ingestion.places.limits import Reason
from ingestion.seeds import load_seed

SHANGHAI = ZoneInfo("Asia/Shanghai")

STATISTICS_LEDGER = "provincial_statistics"
"""The ledger whose rows ``statistics/*.csv`` add to."""

MODIFICATION_KEYS = ("mtime", "LastModified", "last_modified", "updated", "modified")
"""Where the listings of the various file systems tell the modification time, if they do."""

CHANGE_KEY = "created"
"""Where the listing of a local folder tells when a file last changed in any way."""

ENTITY_TAG_KEYS = ("ETag", "etag")
"""Where the listings of object stores tell which version of a file they mean."""


@dataclass(frozen=True)
class InboxFile:
    """One file of the inbox: ``kind`` submission or ledger, or why it is passed over (``ignored``).

    Times are wall clocks of Shanghai. ``entity_tag`` is what an object store calls this version of the file.
    """

    path: str
    address: str
    size_bytes: int
    modified_at: datetime | None
    changed_at: datetime | None
    entity_tag: str | None = None
    kind: str = ""
    ledger: str | None = None
    file_name: str = ""
    ignored: Reason | None = None

    def is_as(self, other: "InboxFile") -> bool:
        """Say whether ``other``, of the same address, is this same version of it."""
        return self._version == other._version

    @property
    def _version(self) -> tuple[object, ...]:
        """Give what tells versions apart: stores that tag them round times differently from call to call."""
        if self.entity_tag is not None:
            return self.size_bytes, self.entity_tag
        return self.size_bytes, self.modified_at, self.changed_at


def is_folder(entry: Mapping[str, Any]) -> bool:
    """Say whether an entry of a listing is a folder."""
    return bool(entry["type"] == "directory")


def is_link(entry: Mapping[str, Any]) -> bool:
    """Say whether an entry of a listing is a link, of which the listing does not tell what it leads to."""
    return bool(entry["type"] == "link" or entry.get("islink"))


def describe(address: str, root: str, entry: Mapping[str, Any]) -> InboxFile:
    """Give what the listing's ``entry`` says of ``address``, a file below ``root``."""
    path = readable(address[len(root) :].lstrip("/"))
    stated = next((entry[key] for key in MODIFICATION_KEYS if entry.get(key) is not None), None)
    modified_at = None if stated is None else _shanghai(stated)
    kind = _classify(PurePosixPath(path)) if entry["type"] == "file" else {"ignored": Reason.of("not_a_file")}
    return InboxFile(
        path=path,
        address=address,
        size_bytes=int(entry.get("size") or 0),
        modified_at=modified_at,
        changed_at=_changed_at(modified_at, entry),
        entity_tag=next((entry[key] for key in ENTITY_TAG_KEYS if entry.get(key)), None),
        **kind,
    )


def readable(path: str) -> str:
    """Give ``path`` as text that can be stored: a name that is no UTF-8 is most often GB18030."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return os.fsencode(path).decode("gb18030", errors="backslashreplace")
    return path


def _changed_at(modified_at: datetime | None, entry: Mapping[str, Any]) -> datetime | None:
    """Give when bytes or name last changed, where the listing tells (a local ``created`` is that moment).

    A copy that keeps the modification time of its source does not keep this one.
    """
    if modified_at is None or entry.get(CHANGE_KEY) is None:
        return modified_at
    return max(modified_at, _shanghai(entry[CHANGE_KEY]))


def _classify(path: PurePosixPath) -> dict[str, Any]:
    for pattern, applies_to, case_id in _names_passed_over():
        parts = path.parts if applies_to == "path" else path.parts[-1:]
        if any(fnmatchcase(part.lower(), pattern) for part in parts):
            return {"ignored": Reason.of(case_id)}
    match path.parts, path.suffix.lower():
        case ("submissions", _, *_), ".xlsx":
            return {"kind": "submission", "file_name": str(path.relative_to("submissions"))}
        case (("ledgers", _), ".csv") | (("ledgers", _, _), ".csv"):
            return _ledger(path, path.stem if len(path.parts) == 2 else path.parts[1])
        case ("statistics", _), ".csv":
            return _ledger(path, STATISTICS_LEDGER)
    return {"ignored": Reason.of("neither")}


def _ledger(path: PurePosixPath, ledger: str) -> dict[str, Any]:
    if ledger not in _ledgers():
        return {"ignored": Reason.of("no_such_ledger", ledger)}
    return {"kind": "ledger", "ledger": ledger, "file_name": str(path)}


@cache
def _names_passed_over() -> tuple[tuple[str, str, str], ...]:
    return tuple(load_seed("inbox_names").select("pattern", "applies_to", "case_id").iter_rows())


@cache
def _ledgers() -> frozenset[str]:
    return frozenset(load_seed("ledger_fields")["ledger"])


def _shanghai(stated: float | str | datetime) -> datetime:
    """Give the wall clock of Shanghai; a moment without an offset is UTC, as file systems have it."""
    if isinstance(stated, str):
        stated = datetime.fromisoformat(stated)
    elif not isinstance(stated, datetime):
        stated = datetime.fromtimestamp(stated, UTC)
    aware = stated if stated.tzinfo else stated.replace(tzinfo=UTC)
    return aware.astimezone(SHANGHAI).replace(tzinfo=None)
