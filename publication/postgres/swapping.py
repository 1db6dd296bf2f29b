"""The swap: a load's schema takes the name that readers use, and the one before it steps aside.

Renaming schemas is one transaction of some milliseconds that no reader holds up. Alone it is not enough: a
statement that names several marts looks their names up one after another, and one that does so in those
milliseconds could find the first in the old schema and the second in the new one. So the swap takes the old
marts' exclusive locks first: then every statement has found all of its names, or none. A reader in a long
transaction holds its locks for as long; readers must not wait behind it, so an attempt gives up after a
fraction of a second and comes again. When all attempts are spent the schemas are renamed past that reader.
"""

from dataclasses import dataclass

from psycopg import Connection, errors, sql
from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_fixed, wait_random

from publication.postgres.configuration import Shelf, ShelfLimits
from publication.postgres.register import (
    Load,
    finished_loads,
    schema_exists,
    standing_load,
    tables_in,
    tell_dropped,
    tell_swapped,
)
from publication.tables import SCHEMA

HOLDERS = """
select distinct activity.pid, activity.usename, activity.application_name
from pg_locks as held
join pg_class as mart on mart.oid = held.relation
join pg_stat_activity as activity on activity.pid = held.pid
where mart.relnamespace = to_regnamespace(%s) and held.granted and held.pid <> pg_backend_pid()
    and held.database = (select oid from pg_database where datname = current_database())
order by activity.pid
"""


@dataclass(frozen=True)
class Holder:
    """A session that holds a mart: its process on the server, its role, and what it calls itself."""

    pid: int
    role: str
    application: str

    def __str__(self) -> str:
        return f"pid {self.pid}  {self.role}  {self.application}".rstrip()


@dataclass(frozen=True)
class Swap:
    """How a swap went.

    ``is_seamless`` tells whether no statement could see both; where one could, ``passed_by`` are those who
    held a mart to the last.
    """

    is_seamless: bool
    passed_by: tuple[Holder, ...] = ()


@dataclass(frozen=True)
class KeptSchema:
    """A schema that should be gone and is not yet: somebody reads it, or something was built upon it."""

    schema_name: str
    why: str


def swap_in(connection: Connection, load: Load, limits: ShelfLimits) -> Swap:
    """Let the marts of ``load`` take the place of those that readers have, in one transaction.

    A reader who holds a mart through all attempts is passed by.
    """
    attempts = Retrying(
        retry=retry_if_exception_type(errors.QueryCanceled),
        stop=stop_after_attempt(limits.swap_attempts),
        wait=wait_fixed(limits.swap_pause_milliseconds / 1000)
        + wait_random(0, limits.swap_lock_milliseconds / 1000),
        reraise=True,
    )
    try:
        attempts(_swap_under_locks, connection, load, limits)
    except errors.QueryCanceled:
        with connection.transaction():
            holders = connection.execute(HOLDERS, [SCHEMA]).fetchall()
            _rename(connection, load)
        return Swap(is_seamless=False, passed_by=tuple(Holder(*holder) for holder in holders))
    return Swap(is_seamless=True)


def drop_finished(connection: Connection, shelf: Shelf) -> list[KeptSchema]:
    """Drop the schemas whose grace time on ``shelf`` is over, and what failed or killed loads left.

    Gives those that stay for now. One that somebody still reads is tried again at the next load. Views that
    somebody built upon old marts are never dropped: their owner is told instead.
    """
    kept = []
    for load in finished_loads(connection, shelf.grace_minutes):
        try:
            _drop(connection, load, shelf.limits)
        except errors.LockNotAvailable:
            kept.append(KeptSchema(load.schema_name, "仍有人在读 somebody still reads it"))
        except errors.DependentObjectsStillExist as error:
            kept.append(KeptSchema(load.schema_name, error.diag.message_detail or str(error)))
    return kept


def _swap_under_locks(connection: Connection, load: Load, limits: ShelfLimits) -> None:
    """Swap when no statement is between two names; raise ``QueryCanceled`` while a reader holds a mart.

    The limit is that of all the locks together: a limit of each would let a reader of the first mart wait
    while one after another of the others is asked for.
    """
    with connection.transaction():
        _limit(connection, "statement_timeout", limits.swap_lock_milliseconds)
        if tables := tables_in(connection, SCHEMA):
            connection.execute(
                sql.SQL("lock table {} in access exclusive mode").format(sql.SQL(", ").join(tables))
            )
        _rename(connection, load)


def _rename(connection: Connection, load: Load) -> None:
    """Rename the schemas and say so in the register, in the transaction of the caller."""
    replaced = standing_load(connection)
    if replaced is not None and schema_exists(connection, SCHEMA):
        _rename_schema(connection, SCHEMA, replaced.replaced_name)
    _rename_schema(connection, load.schema_name, SCHEMA)
    tell_swapped(connection, load, replaced)


def _rename_schema(connection: Connection, name: str, new_name: str) -> None:
    connection.execute(
        sql.SQL("alter schema {} rename to {}").format(sql.Identifier(name), sql.Identifier(new_name))
    )


def _drop(connection: Connection, load: Load, limits: ShelfLimits) -> None:
    """Drop the tables and the schema of ``load``, and nothing that somebody else made."""
    with connection.transaction():
        _limit(connection, "lock_timeout", limits.swap_lock_milliseconds)
        if tables := tables_in(connection, load.schema_name):
            connection.execute(sql.SQL("drop table {}").format(sql.SQL(", ").join(tables)))
        connection.execute(sql.SQL("drop schema if exists {}").format(sql.Identifier(load.schema_name)))
        tell_dropped(connection, load)


def _limit(connection: Connection, setting: str, milliseconds: int) -> None:
    """Set a time limit of the server for the rest of the transaction."""
    connection.execute("select set_config(%s, %s, true)", [setting, f"{milliseconds}ms"])
