"""The outbox's file: its tables, their version, and one connection that threads and processes can share.

The journal is SQLite's own rollback journal, not the write-ahead log: the outbox stays one file that can be
copied, and is safe between processes wherever file locks are, also where memory can't be shared.
"""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from publication.alerting.errors import OutboxUnusableError

WAIT_SECONDS = 60.0
"""How long a writer waits for another one; transactions take milliseconds."""

VERSIONS = (
    """
    create table alerts (
        alert_key text primary key,
        kind text not null,
        stage text not null,
        zone_id text,
        authority_code text,
        audiences text not null,
        due_on text,
        message_zh text not null,
        message_en text not null,
        raised_at text not null,
        raised_by text not null,
        addressed_at text
    );
    create table unaddressed (
        alert_key text not null references alerts,
        address text not null,
        primary key (alert_key, address)
    );
    create table messages (
        position integer primary key,
        idempotency_key text not null unique,
        recipient text not null,
        subject text not null,
        body text not null,
        composed_at text not null,
        attempts integer not null default 0,
        next_attempt_at text not null,
        reason text,
        delivered_at text
    );
    create index undelivered_messages on messages (recipient, position) where delivered_at is null;
    create table message_alerts (
        recipient text not null,
        alert_key text not null references alerts,
        idempotency_key text not null references messages (idempotency_key),
        primary key (recipient, alert_key)
    );
    create table attempts (
        idempotency_key text not null references messages (idempotency_key),
        recipient text not null,
        attempted_at text not null,
        is_delivered integer not null,
        reason text
    );
    create index attempts_of_recipients on attempts (recipient, attempted_at);
    create table claims (
        recipient text primary key,
        holder text not null,
        held_until text not null
    );
    """,
)
"""What each version of the file adds to the one before; the file's ``user_version`` counts them."""


UNUSABLE = frozenset(
    {
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_NOTADB,
    }
)
"""What SQLite says of a file or disk that somebody has to mend; other errors are the program's faults."""


class OutboxFile:
    """One connection to the file at ``path``; safe between threads and processes."""

    def __init__(self, path: Path) -> None:
        """Open the file, made if need be, at the present version; raise ``OutboxUnusableError`` if not."""
        self._lock = threading.RLock()
        self._path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(
                path, timeout=WAIT_SECONDS, isolation_level=None, check_same_thread=False
            )
        except (OSError, sqlite3.OperationalError) as error:
            raise _unusable(path, str(error)) from error
        try:
            self._connection.execute("pragma foreign_keys = on")
            self._bring_to_present_version(path)
        except sqlite3.DatabaseError as error:
            self._connection.close()
            raise _unusable(path, str(error)) from error
        except OutboxUnusableError:
            self._connection.close()
            raise

    def close(self) -> None:
        """Close the connection."""
        with self._lock:
            self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Hold the file for writing for the block: all of it is kept, or on an exception nothing."""
        with self._lock:
            self._run("begin immediate")
            try:
                yield
                self._run("commit")
            except BaseException:
                # SQLite has already undone what a full or failing disk ended.
                if self._connection.in_transaction:
                    self._connection.execute("rollback")
                raise

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """Give the rows of ``query``; raise ``OutboxUnusableError`` for a file that can't be read."""
        with self._lock, self._told_if_unusable():
            return self._connection.execute(query, values).fetchall()

    def change(self, statement: str, *values: Any) -> int:
        """Run ``statement``; give the number of rows that it changed."""
        with self._lock:
            return self._run(statement, *values).rowcount

    def change_many(self, statement: str, rows: list[tuple[Any, ...]]) -> int:
        """Run ``statement`` once a row of ``rows``; give the number of rows that it changed."""
        with self._lock, self._told_if_unusable():
            return max(self._connection.executemany(statement, rows).rowcount, 0)

    def _run(self, statement: str, *values: Any) -> sqlite3.Cursor:
        with self._told_if_unusable():
            return self._connection.execute(statement, values)

    @contextmanager
    def _told_if_unusable(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.DatabaseError as error:
            # The low byte is the kind of error, the rest says more of it.
            if getattr(error, "sqlite_errorcode", 0) & 0xFF not in UNUSABLE:
                raise
            raise _unusable(self._path, str(error)) from error

    def _bring_to_present_version(self, path: Path) -> None:
        if self._version() == len(VERSIONS):
            return
        with self.transaction():
            version = self._version()
            if version > len(VERSIONS):
                raise OutboxUnusableError(
                    f"提醒发件箱 {path} 由更新的程序写成（第 {version} 版，"
                    f"本程序只识第 {len(VERSIONS)} 版）。请使用更新的程序。",
                    f"The outbox {path} was written by a newer version ({version}; this program knows "
                    f"{len(VERSIONS)}). Use the newer program.",
                )
            for step in VERSIONS[version:]:
                for statement in filter(str.strip, step.split(";")):
                    self._connection.execute(statement)
            self._connection.execute(f"pragma user_version = {len(VERSIONS)}")

    def _version(self) -> int:
        return int(self.rows("pragma user_version")[0][0])


def _unusable(path: Path, detail: str) -> OutboxUnusableError:
    return OutboxUnusableError(
        f"提醒发件箱 {path} 无法使用：{detail}。请检查文件与权限；"
        "文件损坏时请移走后重试，仍然成立的提醒将重新发出。",
        f"The outbox {path} can't be used: {detail}. Check file and permissions; if it is damaged "
        "move it away and try again: the alerts that still stand will be raised anew.",
    )
