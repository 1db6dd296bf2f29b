"""The register of the shelf: the table ``coopzones.shelved_releases``, a row a load, the newest last.

It tells readers which release they read, and loads which schemas are theirs: no other is ever renamed or
dropped. ``schema_name`` is where the load's marts stand now: ``marts`` for the one that counts.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from psycopg import Connection, sql
from psycopg.rows import class_row

from publication.manifest import Manifest
from publication.tables import SCHEMA

REGISTER_SCHEMA = "coopzones"
LOADING = f"{SCHEMA}_loading_"
REPLACED = f"{SCHEMA}_old_"

CREATE = Path(__file__).with_name("register.sql")


@dataclass(frozen=True)
class Load:
    """One row of the register. Moments are the server's."""

    load_number: int
    release_id: int
    as_of: datetime
    rules_version: str
    schema_name: str
    started_at: datetime
    shelved_at: datetime | None
    replaced_at: datetime | None
    dropped_at: datetime | None

    @property
    def replaced_name(self) -> str:
        """Give the schema that its marts go to when another load takes their place."""
        return f"{REPLACED}{self.load_number}"


def prepare_register(connection: Connection) -> None:
    """Make the register where there is none."""
    if connection.execute("select to_regclass('coopzones.shelved_releases')").fetchone() == (None,):
        with connection.transaction():
            connection.execute(sql.SQL(CREATE.read_text(encoding="utf-8")))


def begin_load(connection: Connection, manifest: Manifest) -> Load:
    """Write a row for a load of the release that ``manifest`` tells of, and make its side schema, empty."""
    with connection.transaction(), connection.cursor(row_factory=class_row(Load)) as cursor:
        # Whoever begins a load holds the shelf: nobody else takes the next number meanwhile.
        load = cursor.execute(
            """
            insert into coopzones.shelved_releases
                (load_number, release_id, as_of, rules_version, schema_name)
            select next.load_number, %s, %s, %s, %s || next.load_number
            from (
                select coalesce(max(load_number), 0) + 1 as load_number from coopzones.shelved_releases
            ) as next
            returning *
            """,
            [manifest.release_id, manifest.as_of, manifest.rules_version, LOADING],
        ).fetchone()
        assert load is not None  # noqa: S101 (an insert of one row gives it)
        cursor.execute(sql.SQL("create schema {}").format(sql.Identifier(load.schema_name)))
    return load


def standing_load(connection: Connection) -> Load | None:
    """Give the load whose marts readers read, or ``None`` where there is none."""
    with connection.cursor(row_factory=class_row(Load)) as cursor:
        return cursor.execute(
            "select * from coopzones.shelved_releases where schema_name = %s and dropped_at is null", [SCHEMA]
        ).fetchone()


def finished_loads(connection: Connection, grace_minutes: int) -> list[Load]:
    """Give the loads whose marts nobody needs: replaced for the grace time, or never swapped in.

    Whoever asks holds the shelf, so a load that was never swapped in belongs to nobody who lives.
    """
    with connection.cursor(row_factory=class_row(Load)) as cursor:
        return cursor.execute(
            """
            select * from coopzones.shelved_releases
            where dropped_at is null and (
                shelved_at is null or replaced_at <= clock_timestamp() - make_interval(mins => %s)
            )
            order by load_number
            """,
            [grace_minutes],
        ).fetchall()


def tell_swapped(connection: Connection, load: Load, replaced: Load | None) -> None:
    """Write that ``load`` has taken the place of ``replaced``, in the transaction of the caller."""
    if replaced is not None:
        connection.execute(
            """
            update coopzones.shelved_releases set schema_name = %s, replaced_at = clock_timestamp()
            where load_number = %s
            """,
            [replaced.replaced_name, replaced.load_number],
        )
    connection.execute(
        """
        update coopzones.shelved_releases set schema_name = %s, shelved_at = clock_timestamp()
        where load_number = %s
        """,
        [SCHEMA, load.load_number],
    )


def tell_dropped(connection: Connection, load: Load) -> None:
    """Write that the marts of ``load`` are gone, in the transaction of the caller."""
    connection.execute(
        "update coopzones.shelved_releases set dropped_at = clock_timestamp() where load_number = %s",
        [load.load_number],
    )


def schema_exists(connection: Connection, schema: str) -> bool:
    """Say whether the database has the schema ``schema``."""
    return (
        connection.execute("select 1 from pg_namespace where nspname = %s", [schema]).fetchone() is not None
    )


def tables_in(connection: Connection, schema: str) -> list[sql.Identifier]:
    """Give the tables of ``schema``, sorted by name."""
    found = connection.execute(
        "select relname from pg_class where relnamespace = to_regnamespace(%s) and relkind in ('r', 'p')"
        " order by relname",
        [schema],
    )
    return [sql.Identifier(schema, name) for (name,) in found]
