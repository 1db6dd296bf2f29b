"""The inbox as it stands tonight: its listing, and the bytes of a file when they are whole.

Belongs here: listing an inbox once; giving out a file's bytes, never half of them. Does not belong here: how
a place is reached (``ingestion.places``), what an entry of the listing is (``ingestion.inbox_entries``), what
becomes of the bytes (``ingestion.receive``).
"""

import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Self, TypeVar

from ingestion.archive import Readable
from ingestion.errors import InboxUnavailableError
from ingestion.inbox_entries import SHANGHAI, InboxFile, describe, is_folder, is_link, readable
from ingestion.places.address import strike_out
from ingestion.places.connection import Connection, Session
from ingestion.places.faults import BrokenError, ChangedError, FaultError, GoneError, RefusedError
from ingestion.places.limits import InboxLimits, Reason
from ingestion.places.opening import place_of

TAKEN_FROM = ("submissions", "ledgers", "statistics")
"""The folders whose files a night takes: none of them may be missing from a listing unseen."""

Kept = TypeVar("Kept")


Keeper = Callable[[Readable, Callable[[int], None]], Kept]
"""Copies what it may read to its end, asks whether so many bytes are all (raises if not), then keeps them."""


class FileLeftError(Exception):
    """A file that can't be had tonight, though the inbox can; ``reason`` says why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(str(reason))
        self.reason = reason


class Inbox:
    """A folder or URL that submissions and ledgers arrive in; it is only ever read."""

    def __init__(self, inbox: str, limits: InboxLimits | None = None) -> None:
        """Open ``inbox``; raise ``InboxUnavailableError`` where there is nothing of the name."""
        self.name = strike_out(inbox)
        self.limits = limits or InboxLimits.of_the_seed()
        self._lost: InboxUnavailableError | None = None
        self._listed_at = _now()
        try:
            place = place_of(inbox, self.limits)
            self.root, self._connection = place.root, Connection(place, self.limits)
            root = self._connection.ask(lambda session: session.info(place.root))
        except FaultError as error:
            raise self._unavailable(error) from error
        if not is_folder(root):
            raise self._unavailable("no such folder")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def list_files(self) -> list[InboxFile]:
        """Give every file of the inbox, sorted by path, from one listing.

        Raises ``InboxUnavailableError`` when it can't be listed whole.
        """
        self._listed_at = _now()
        try:
            if self._connection.place.is_flat:
                entries = self._connection.ask(lambda session: session.list_everything(self.root))
                closed: list[InboxFile] = []
            else:
                entries, closed = self._list_folders()
            files = [self._describe(entry) for entry in entries if not is_folder(entry)]
        except FaultError as error:
            raise self._unavailable(error) from error
        listed = sorted([*filter(None, files), *closed], key=lambda file: (file.path, file.address))
        return list(_tell_apart(listed))

    def is_quiet(self, file: InboxFile) -> bool:
        """Say whether ``file`` was not modified within the last seconds before it was listed.

        What a place shows only when it is whole is always quiet.
        """
        return self._seconds_to_wait(file) <= 0

    def fetch(self, file: InboxFile, keep: "Keeper[Kept]") -> Kept:
        """Give what ``keep`` makes of the bytes of ``file``, all of them, as they were listed.

        A file modified moments ago is first waited for. Raises ``FileLeftError`` when its bytes can't be had
        or are not those that were listed, and ``InboxUnavailableError`` when the inbox is no longer there.
        """
        if self._lost is not None:
            raise self._lost
        listed_at = self._listed_at[1]
        time.sleep(max(0.0, listed_at + self._seconds_to_wait(file) - time.monotonic()))
        try:
            return self._connection.ask(lambda session: self._copy(session, file, keep))
        except GoneError as error:
            raise FileLeftError(Reason.of("gone")) from error
        except ChangedError as error:
            raise FileLeftError(Reason.of("being_written")) from error
        except RefusedError as error:
            raise FileLeftError(Reason.of("refused", strike_out(str(error)))) from error
        except BrokenError as error:
            self._require_answer()
            raise FileLeftError(Reason.of("broken_off", strike_out(str(error)))) from error
        except FaultError as error:
            self._lost = self._unavailable(error)
            raise self._lost from error

    def _list_folders(self) -> tuple[list[dict[str, Any]], list[InboxFile]]:
        """Give the entries of all folders, and the folders that are none of ours and can't be listed.

        Level by level, several folders at once: each is a request of its own.
        """
        entries: list[dict[str, Any]] = []
        closed: list[InboxFile] = []
        folders = [self.root]

        def list_folder(folder: str) -> list[dict[str, Any]] | FaultError:
            try:
                return self._connection.ask(lambda session: session.list_folder(folder))
            except GoneError as error:
                if folder == self.root:
                    raise
                return error
            except RefusedError as error:
                if folder == self.root or self._is_taken_from(folder):
                    raise
                return error

        with ThreadPoolExecutor(self.limits.copies_at_once) as threads:
            while folders:
                found = list(threads.map(list_folder, folders))
                for folder, listed in zip(folders, found, strict=True):
                    if isinstance(listed, RefusedError):
                        closed.append(self._closed(folder, listed))
                inside = [entry for listed in found if isinstance(listed, list) for entry in listed]
                entries += inside
                folders = [entry["name"].rstrip("/") for entry in inside if is_folder(entry)]
        return entries, closed

    def _is_taken_from(self, folder: str) -> bool:
        return folder[len(self.root) :].lstrip("/").split("/")[0] in TAKEN_FROM

    def _closed(self, folder: str, error: RefusedError) -> InboxFile:
        path = readable(folder[len(self.root) :].lstrip("/"))
        reason = Reason.of("closed_folder", strike_out(str(error)))
        return InboxFile(path, folder, 0, None, None, ignored=reason)

    def _describe(self, entry: dict[str, Any]) -> InboxFile | None:
        """Give the file of a listing's entry; ``None`` when it is a link whose end has just gone."""
        address = entry["name"]
        if is_link(entry):
            entry = self._follow(entry)
        file = describe(address, self.root, entry)
        if file.modified_at is None and file.ignored is None:
            return self._connection.ask(lambda session: self._look(session, address, entry))
        return file

    def _follow(self, entry: dict[str, Any]) -> dict[str, Any]:
        address = entry["name"]
        try:
            return self._connection.ask(lambda session: session.info(address))
        except (GoneError, RefusedError):
            return {**entry, "type": "other", "islink": False}

    def _look(self, session: Session, address: str, entry: dict[str, Any] | None = None) -> InboxFile | None:
        """Give the file ``address`` as it is now (``entry`` says it already); ``None``: it has gone."""
        try:
            entry = session.info(address) if entry is None else entry
            file = describe(address, self.root, entry)
            if file.modified_at is not None:
                return file
            return describe(address, self.root, {**entry, "mtime": session.modified(address)})
        except GoneError:
            return None

    def _copy(self, session: Session, file: InboxFile, keep: "Keeper[Kept]") -> Kept:
        if self._connection.place.reads_one_version or not self.is_quiet(file):
            self._require_unchanged(session, file)
        with session.open(file.address, file.size_bytes) as stream:

            def require_whole(size_bytes: int) -> None:
                if size_bytes != file.size_bytes:
                    raise ChangedError(f"{size_bytes} bytes, {file.size_bytes} were listed")
                if not self._connection.place.reads_one_version:
                    self._require_unchanged(session, file)

            return keep(stream, require_whole)

    def _require_unchanged(self, session: Session, file: InboxFile) -> None:
        now = self._look(session, file.address)
        if now is None:
            raise GoneError(file.path)
        if not now.is_as(file):
            raise ChangedError(file.path)

    def _seconds_to_wait(self, file: InboxFile) -> float:
        """Give how long after the listing ``file`` will have been quiet; the place's clock may be ahead."""
        if file.modified_at is None or self._connection.place.reads_one_version:
            return 0.0
        age = (self._listed_at[0] - file.modified_at) / timedelta(seconds=1)
        return self.limits.quiet_seconds - max(0.0, age)

    def _require_answer(self) -> None:
        """Raise ``InboxUnavailableError`` unless the inbox itself still answers."""
        try:
            self._connection.ask(lambda session: session.info(self.root))
        except FaultError as error:
            self._lost = self._unavailable(error)
            raise self._lost from error

    def _unavailable(self, reason: FaultError | str) -> InboxUnavailableError:
        said = strike_out(str(reason))
        return InboxUnavailableError(
            f"无法读取收件目录 {self.name}：{said}。"
            "请检查 COOPZONES_INBOX 是否存在、是否有读取权限（见 docs/inbox.md）。",
            f"The inbox {self.name} can't be read: {said}. "
            "Check that COOPZONES_INBOX exists and may be read (docs/inbox.md).",
        )


def _now() -> tuple[datetime, float]:
    """Give the wall clock of Shanghai, and a clock that nobody sets."""
    return datetime.now(SHANGHAI).replace(tzinfo=None), time.monotonic()


def _tell_apart(listed: Iterable[InboxFile]) -> Iterable[InboxFile]:
    """Give the files, one a path: two names in different encodings may read the same."""
    seen: set[str] = set()
    for file in listed:
        yield replace(file, ignored=Reason.of("same_name")) if file.path in seen else file
        seen.add(file.path)
