"""Shelving: the current release loaded beside the marts that readers hold, then swapped in.

The public seam of this room. Killed or failed at any moment, a load leaves readers the old marts or the new
ones, whole either way; what it left half made goes with the next load.
"""

import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import psycopg
from psycopg import Connection, errors

from ingestion.progress import Progress, SilentProgress
from publication.manifest import read_manifest
from publication.postgres.address import Address
from publication.postgres.configuration import Shelf, ShelfLimits
from publication.postgres.errors import NothingToShelveError, ShelfInUseError, UnsuitableDatabaseError
from publication.postgres.loading import copy_release, dress
from publication.postgres.register import begin_load, prepare_register, schema_exists, standing_load
from publication.postgres.swapping import Holder, KeptSchema, drop_finished, swap_in
from publication.releases import current_release
from publication.tables import SCHEMA


@dataclass(frozen=True)
class Shelved:
    """A release that readers now find in the schema ``marts``.

    ``rows`` counts those of each mart; ``seconds`` is the wall clock of the load; ``kept`` are schemas that
    should be gone and are not; ``is_seamless`` tells whether the swap waited for every reader's statement,
    and ``passed_by`` for whom it did not.
    """

    release_id: int
    as_of: datetime
    rows: dict[str, int]
    seconds: float
    kept: tuple[KeptSchema, ...]
    is_seamless: bool
    passed_by: tuple[Holder, ...] = ()


def shelve_current(home: Path, shelf: Shelf, progress: Progress | None = None) -> Shelved:
    """Load the current release of ``home`` onto ``shelf`` and let readers have it.

    One load at a time: another one waits its turn, and then loads what is current then. Raises a
    ``ShelfError``; readers keep what they had.
    """
    progress = progress or SilentProgress()
    progress.step("上架：连接 shelve: connect")
    address = Address.of(shelf)
    began = time.monotonic()
    with address.in_clear_words(), address.connect() as connection, _turn(connection, shelf.limits):
        _hold_suitable(connection, shelf.readers)
        prepare_register(connection)
        _hold_ours(connection)
        folder = _current(home)
        manifest = read_manifest(folder)
        drop_finished(connection, shelf)
        load = begin_load(connection, manifest)
        try:
            rows = copy_release(folder, address, load, progress)
            dress(connection, folder, load, rows, shelf.readers)
            swap = swap_in(connection, load, shelf.limits)
        except BaseException:
            # With the server gone there is nothing to tidy with; the next load does it.
            with contextlib.suppress(psycopg.Error):
                drop_finished(connection, shelf)
            raise
        kept = drop_finished(connection, shelf)
    return Shelved(
        release_id=manifest.release_id,
        as_of=manifest.as_of,
        rows=rows,
        seconds=time.monotonic() - began,
        kept=tuple(kept),
        is_seamless=swap.is_seamless,
        passed_by=swap.passed_by,
    )


@contextlib.contextmanager
def _turn(connection: Connection, limits: ShelfLimits) -> Iterator[None]:
    """Hold the shelf for the block, after a load in progress; the server frees it with the connection."""
    connection.execute("select set_config('lock_timeout', %s, false)", [f"{limits.turn_seconds}s"])
    try:
        connection.execute("select pg_advisory_lock(hashtextextended('coopzones.shelved_releases', 0))")
    except errors.LockNotAvailable as error:
        raise ShelfInUseError(
            f"另一次上架已进行超过 {limits.turn_seconds} 秒，未上架。请待其结束后运行 coopzones shelve。",
            f"Another load has been in progress for {limits.turn_seconds} s; nothing was shelved. "
            "Run coopzones shelve when it has ended.",
        ) from error
    yield


def _hold_suitable(connection: Connection, readers: str | None) -> None:
    """Raise ``UnsuitableDatabaseError`` unless every character fits and the readers' role is there."""
    if (encoding := connection.info.parameter_status("server_encoding")) != "UTF8":
        raise UnsuitableDatabaseError(
            f"数据库编码为 {encoding}，须为 UTF8，未上架。请以 encoding 'UTF8' 另建数据库。",
            f"The database is encoded in {encoding} and must be UTF8; nothing was shelved. "
            "Make another one: create database … encoding 'UTF8'.",
        )
    if readers and not connection.execute("select 1 from pg_roles where rolname = %s", [readers]).fetchone():
        raise UnsuitableDatabaseError(
            f"PostgreSQL 中没有角色“{readers}”（COOPZONES_POSTGRES_READERS），未上架。请先 create role。",
            f'PostgreSQL has no role "{readers}" (COOPZONES_POSTGRES_READERS); nothing was shelved. '
            "Create it first: create role.",
        )


def _hold_ours(connection: Connection) -> None:
    """Raise ``UnsuitableDatabaseError`` when the schema ``marts`` is somebody else's: it would be moved."""
    if standing_load(connection) is None and schema_exists(connection, SCHEMA):
        raise UnsuitableDatabaseError(
            f"数据库中已有不属于 coopzones 的模式 {SCHEMA}，未上架。请改用另一个数据库，或先将其改名。",
            f"The database has a schema {SCHEMA} that is not coopzones'; nothing was shelved. "
            "Use another database, or rename that schema first.",
        )


def _current(home: Path) -> Path:
    """Give the folder of the current release; raise ``NothingToShelveError`` when there is none."""
    folder = current_release(home)
    if folder is None:
        raise NothingToShelveError(
            f"{home} 中尚无发布，未上架。请先运行 coopzones run。",
            f"There is no release in {home}; nothing was shelved. Run coopzones run first.",
        )
    return folder
