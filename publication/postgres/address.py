"""Where the shelf is: the one secret of this room, read once, handed to libpq and never told.

Messages name host, port and user as libpq itself does, so that one knows where to look; never the URL, the
password, or anything else of its parameters.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Self

import duckdb
import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from ingestion.secrecy import Scrubber
from publication.postgres.configuration import Shelf
from publication.postgres.errors import ServerError, UnreadableAddressError

APPLICATION = "coopzones"
"""What the server's lists of activity call a load."""

AT_AFTER_SLASH = re.compile(r"[a-z]+://[^/?]*/[^?]*@")
"""What a URL is whose password has a bare slash; a database's name has its ``@`` written as ``%40``."""

STACK = "Stack Trace"
"""Where DuckDB, surprised by a connection that broke, begins to tell the addresses of its own code."""

STATES_OF_THE_WORLD = (
    duckdb.Error,
    psycopg.OperationalError,
    psycopg.InternalError,
    psycopg.DataError,
    psycopg.errors.InsufficientPrivilege,
)
"""What a server, a network, a disk or a person's rights bring about. DuckDB's errors are among them whatever
they are, because they repeat the address. Other errors of psycopg are bugs and are raised as they are."""


@dataclass(frozen=True)
class Address:
    """The address of a database as libpq takes it."""

    conninfo: str = field(repr=False)
    scrub: Scrubber = field(repr=False)

    @classmethod
    def of(cls, shelf: Shelf) -> Self:
        """Read the URL of ``shelf``; its waits hold where the URL states none of its own.

        Raises ``UnreadableAddressError``, which repeats nothing of the URL.
        """
        text = shelf.url.get_secret_value()
        stated = _stated(text)
        defaults: dict[str, str | int] = {
            "application_name": APPLICATION,
            "connect_timeout": shelf.limits.connect_seconds,
            "tcp_user_timeout": shelf.limits.silence_seconds * 1000,
        }
        conninfo = make_conninfo(
            text, **{name: value for name, value in defaults.items() if name not in stated}
        )
        passwords = [str(value) for name, value in stated.items() if "password" in name and value]
        quoted = [make_conninfo(password=password).removeprefix("password=") for password in passwords]
        return cls(conninfo, Scrubber([text, conninfo, *passwords, *quoted]))

    def connect(self) -> psycopg.Connection:
        """Open a connection on which each statement stands alone; raise ``psycopg.OperationalError``."""
        return psycopg.connect(self.conninfo, autocommit=True)

    @contextmanager
    def in_clear_words(self) -> Iterator[None]:
        """Turn what the world brings about in the block into ``ServerError``, secrets struck out."""
        try:
            yield
        except STATES_OF_THE_WORLD as error:
            words, stack, _ = str(error).partition(STACK)
            said = self.scrub(words.strip())
            lost_zh, lost_en = ("连接中断：", "the connection was lost: ") if stack else ("", "")
            raise ServerError(
                f"PostgreSQL 未能接收发布：{lost_zh}{said}",
                f"PostgreSQL did not take the release: {lost_en}{said}",
            ) from None


def _stated(text: str) -> dict[str, Any]:
    """Give the parameters that the URL ``text`` states; raise ``UnreadableAddressError``.

    libpq ends a password at its first bare ``@`` or ``/`` and takes the rest for a host, a port or a
    database, which its messages would name.
    """
    try:
        stated = conninfo_to_dict(text)
    except psycopg.ProgrammingError:
        raise _unreadable() from None
    if "@" in str(stated.get("host", "")) or AT_AFTER_SLASH.match(text):
        raise _unreadable()
    return stated


def _unreadable() -> UnreadableAddressError:
    return UnreadableAddressError(
        "COOPZONES_POSTGRES_URL 无法解析，应形如 postgresql://用户@主机:5432/数据库；"
        "密码中的特殊字符（如 @ 和 /）须写作 %XX。",
        "COOPZONES_POSTGRES_URL can't be read; expected postgresql://user@host:5432/database, "
        "special characters of the password (such as @ and /) written as %XX.",
    )
