"""A real PostgreSQL from Debian's package, on 127.0.0.1, in a folder of its own, ended by its process id."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote
from uuid import uuid4

import psycopg
from psycopg import sql

ADMINISTRATOR, LOADER, READER = "postgres", "loader", "readers"
PASSWORDS = {
    ADMINISTRATOR: "administrator's own",
    LOADER: 'ge\'heim\\nis "密" @/:%20',
    READER: "readers' own",
}
"""Invented; the loader's has every character that some layer might quote in its own way."""

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "fsync": "off",
    "max_connections": "40",
}


@dataclass(frozen=True)
class Database:
    """A database of one test: ``url`` for who loads, ``reader_url`` for who reads."""

    name: str
    port: int

    @property
    def url(self) -> str:
        """Give the loader's address, its password percent-encoded."""
        return address(LOADER, self.port, self.name)

    @property
    def reader_url(self) -> str:
        """Give the reader's address."""
        return address(READER, self.port, self.name)

    @property
    def administrator_url(self) -> str:
        """Give the administrator's address."""
        return address(ADMINISTRATOR, self.port, self.name)

    def rows(self, query: str, url: str | None = None) -> list[tuple]:
        """Give the rows of ``query``, asked by the loader or whoever ``url`` lets in."""
        with psycopg.connect(url or self.url, autocommit=True) as connection:
            return connection.execute(query).fetchall()

    def run(self, statements: str, url: str | None = None) -> None:
        """Run ``statements``, by the loader or whoever ``url`` lets in."""
        with psycopg.connect(url or self.url, autocommit=True) as connection:
            connection.execute(statements)


@dataclass
class PostgresServer:
    """A server that runs or could; its folder belongs to who it runs as."""

    folder: Path
    programs: Path
    user: str | None
    port: int = 0
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def start(self) -> None:
        """Start it on a free port and wait until it answers."""
        self.port = self.port or free_port()
        options = [f"-c{name}={value}" for name, value in {**SETTINGS, "port": self.port}.items()]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603
                [self.programs / "postgres", "-D", self.folder / "data", *options],
                stdout=log, stderr=log, **self._as_user(),
            )  # fmt: skip
        deadline = time.monotonic() + 30
        while True:
            try:
                psycopg.connect(address(ADMINISTRATOR, self.port, "postgres"), connect_timeout=2).close()
            except psycopg.OperationalError as error:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    log = (self.folder / "log").read_text(encoding="utf-8", errors="replace")
                    raise RuntimeError(f"PostgreSQL did not start: {error}\n{log}") from error
                time.sleep(0.1)
            else:
                return

    def stop(self, signal_number: int = signal.SIGINT) -> None:
        """End it (SIGINT: at once and tidily; SIGQUIT: as by a crash) and wait until it is gone."""
        if self.process is not None:
            self.process.send_signal(signal_number)
            self.process.wait(timeout=30)
            self.process = None

    def create_database(self, encoding: str = "UTF8") -> Database:
        """Give a new empty database in which the loader may make schemas and the reader may log in."""
        name = f"test_{uuid4().hex[:12]}"
        with psycopg.connect(address(ADMINISTRATOR, self.port, "postgres"), autocommit=True) as connection:
            connection.execute(
                sql.SQL("create database {} template template0 encoding {}").format(
                    sql.Identifier(name), sql.Literal(encoding)
                )
            )
            connection.execute(
                sql.SQL("grant create on database {} to {}").format(
                    sql.Identifier(name), sql.Identifier(LOADER)
                )
            )
        return Database(name, self.port)

    def initialise(self) -> None:
        """Make its data folder, with passwords asked of everybody, and its three roles."""
        secret = self.folder / "administrator"
        secret.write_text(PASSWORDS[ADMINISTRATOR], encoding="utf-8")
        if self.user:
            shutil.chown(secret, self.user)
        subprocess.run(  # noqa: S603
            [
                self.programs / "initdb", "-D", self.folder / "data", "-U", ADMINISTRATOR,
                f"--pwfile={secret}", "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C",
                "--no-sync", "--no-instructions",
            ],
            check=True, capture_output=True, **self._as_user(),
        )  # fmt: skip
        self.start()
        with psycopg.connect(address(ADMINISTRATOR, self.port, "postgres"), autocommit=True) as connection:
            for role in (LOADER, READER):
                connection.execute(
                    sql.SQL("create role {} login password {}").format(
                        sql.Identifier(role), sql.Literal(PASSWORDS[role])
                    )
                )

    def _as_user(self) -> dict[str, object]:
        """Give what makes a child run as ``user``; PostgreSQL refuses to run as root."""
        return (
            {"user": self.user, "group": pwd.getpwnam(self.user).pw_gid, "extra_groups": []}
            if self.user
            else {}
        )


@contextmanager
def running_server() -> Iterator[PostgresServer]:
    """Give a server of one's own; afterwards it is ended and its folder removed."""
    programs = find_programs()
    user = ("postgres" if knows_user("postgres") else "nobody") if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="coopzones-postgres-"))
    if user:
        shutil.chown(folder, user)
    server = PostgresServer(folder, programs, user)
    try:
        server.initialise()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder)


def find_programs() -> Path:
    """Give the folder of the newest PostgreSQL's programs; raise ``RuntimeError`` where there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    on_path = shutil.which("initdb")
    if not found and on_path is None:
        raise RuntimeError("These tests need PostgreSQL's server: apt-get install postgresql")
    return found[-1].parent if found else Path(str(on_path)).parent


def knows_user(name: str) -> bool:
    """Say whether the machine has the user ``name``."""
    return name in {entry.pw_name for entry in pwd.getpwall()}


def address(role: str, port: int, database: str) -> str:
    """Give the address of ``database`` for ``role``."""
    return f"postgresql://{role}:{quote(PASSWORDS[role], safe='')}@127.0.0.1:{port}/{database}"


def free_port() -> int:
    """Give a port on 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
