"""Copying a release's marts into their side schema, and making them what readers expect of a database.

Nobody reads a side schema, so nothing here needs to be one step: what fails half way is dropped as a whole.
"""

from collections.abc import Sequence
from pathlib import Path

import duckdb
import duckdb_extension_postgres_scanner
from psycopg import Connection, errors, sql

from ingestion.progress import Progress
from ingestion.seeds import load_seed
from publication.mart_contracts import mart_keys
from publication.postgres.address import Address
from publication.postgres.errors import UnloadableMartError
from publication.postgres.register import REGISTER_SCHEMA, Load, tables_in
from publication.tables import DATABASE, SCHEMA

EXTENSION = (
    Path(duckdb_extension_postgres_scanner.__file__).parent
    / "extensions"
    / f"v{duckdb.__version__}"
    / "postgres_scanner.duckdb_extension"
)

INEXACT = ("HUGEINT", "UHUGEINT")
"""Types that the extension turns into double precision without a word, which holds no more than 15 digits."""

NUL_STANDS_AS = "\N{REPLACEMENT CHARACTER}"
"""PostgreSQL's text has no character NUL; one sent by mistake must not cost the night its shelf."""


def copy_release(folder: Path, address: Address, load: Load, progress: Progress) -> dict[str, int]:
    """Copy every mart of the release at ``folder`` into the schema of ``load``; give the rows of each.

    Raises ``UnloadableMartError`` for a type that would not arrive exactly or rows that did not arrive,
    ``duckdb.Error`` for what the server or the network brings about.
    """
    # Always a new hub: after a copy that failed, the extension's next one on the same hub brings no rows.
    with duckdb.connect(
        config={"autoinstall_known_extensions": False, "autoload_known_extensions": False}
    ) as hub:
        hub.execute(f"load {_text(EXTENSION)}")
        hub.execute(f"set pg_null_byte_replacement = {_text(NUL_STANDS_AS)}")
        hub.execute(f"attach {_text(folder / DATABASE)} as release (read_only)")
        _refuse_inexact_types(hub)
        hub.execute(
            f"attach {_text(address.conninfo)} as shelf (type postgres, schema {_text(load.schema_name)})"
        )
        marts = [
            mart
            for (mart,) in hub.execute(
                "select table_name from duckdb_tables()"
                " where database_name = 'release' and schema_name = ? order by table_name",
                [SCHEMA],
            ).fetchall()
        ]
        progress.step("上架：装入 shelve: load", total=len(marts))
        return {mart: _copy_mart(hub, load.schema_name, mart, progress) for mart in marts}


def dress(
    connection: Connection, folder: Path, load: Load, rows: dict[str, int], readers: str | None
) -> None:
    """Give the marts of ``load`` keys, indexes, comments and rights, and the planner its statistics.

    ``rows`` are those that each mart must hold; ``readers`` is the role that may read. Raises
    ``UnloadableMartError`` where a mart lacks rows or breaks its key.
    """
    columns = _columns(connection, load.schema_name)
    with connection.transaction():
        for mart, expected in rows.items():
            _hold_to_rows(connection, sql.Identifier(load.schema_name, mart), expected)
            _set_key(connection, load.schema_name, mart, columns[mart])
            _set_indexes(connection, load.schema_name, mart, columns[mart])
        _set_comments(connection, folder, load.schema_name)
        if readers is not None:
            _grant(connection, load.schema_name, readers)
    for table in tables_in(connection, load.schema_name):
        # The rows never change again: frozen now, they never cost a later vacuum anything.
        connection.execute(sql.SQL("vacuum (freeze, analyze) {}").format(table))


def _refuse_inexact_types(hub: duckdb.DuckDBPyConnection) -> None:
    """Raise ``UnloadableMartError`` naming the columns whose numbers would not arrive to the last digit."""
    found = hub.execute(
        "select table_name || '.' || column_name || ' ' || data_type from duckdb_columns()"
        " where database_name = 'release' and list_contains(?, data_type) order by 1",
        [list(INEXACT)],
    ).fetchall()
    if found:
        listed = ", ".join(column for (column,) in found)
        raise UnloadableMartError(
            f"以下栏目的类型在 PostgreSQL 中会失去精度，未上架：{listed}。请在模型中改为 decimal 或 bigint。",
            f"Columns whose type would lose digits in PostgreSQL; nothing was shelved: {listed}. "
            "Make them decimal or bigint in their model.",
        )


def _copy_mart(hub: duckdb.DuckDBPyConnection, schema: str, mart: str, progress: Progress) -> int:
    """Copy one mart; give the number of its rows in the release."""
    name = sql.Identifier(mart).as_string()
    hub.execute(
        f"create table shelf.{sql.Identifier(schema, mart).as_string()} as from release.{SCHEMA}.{name}"
    )
    progress.advance()
    return len(hub.table(f"release.{SCHEMA}.{name}"))


def _columns(connection: Connection, schema: str) -> dict[str, list[str]]:
    """Give the columns of each table of ``schema``, in their order."""
    columns: dict[str, list[str]] = {}
    for table, column in connection.execute(
        "select table_name, column_name from information_schema.columns where table_schema = %s"
        " order by table_name, ordinal_position",
        [schema],
    ):
        columns.setdefault(table, []).append(column)
    return columns


def _hold_to_rows(connection: Connection, table: sql.Identifier, expected: int) -> None:
    """Raise ``UnloadableMartError`` unless ``table`` holds ``expected`` rows."""
    counted = connection.execute(sql.SQL("select count(*) from {}").format(table)).fetchone()
    arrived = counted[0] if counted else 0
    if arrived != expected:
        name = table.as_string()
        raise UnloadableMartError(
            f"{name} 应有 {expected} 行，只收到 {arrived} 行，未上架。请运行 coopzones shelve 重试。",
            f"{name} has {expected} rows and {arrived} arrived in PostgreSQL; nothing was shelved. "
            "Try again with coopzones shelve.",
        )


def _set_key(connection: Connection, schema: str, mart: str, columns: Sequence[str]) -> None:
    """Make the mart's key its primary key, where its columns are there (an older release may lack one)."""
    key = mart_keys().get(mart, ())
    if not key or not set(columns).issuperset(key):
        return
    try:
        connection.execute(
            sql.SQL("alter table {} add primary key ({})").format(
                sql.Identifier(schema, mart), sql.SQL(", ").join(map(sql.Identifier, key))
            )
        )
    except (errors.UniqueViolation, errors.NotNullViolation) as error:
        listed = ", ".join(key)
        raise UnloadableMartError(
            f"集市 {mart} 的主键（{listed}）有重复或空值，未上架：{error.diag.message_detail or error}",
            f"The key ({listed}) of the mart {mart} is null or not unique; nothing was shelved: "
            f"{error.diag.message_detail or error}",
        ) from error


def _set_indexes(connection: Connection, schema: str, mart: str, columns: Sequence[str]) -> None:
    """Index the columns that the seed names; the key's own index serves its first column."""
    leading = mart_keys().get(mart, ())[:1]
    for column in load_seed("shelf_indexes")["column_name"]:
        if column in columns and column not in leading:
            connection.execute(
                sql.SQL("create index on {} ({})").format(
                    sql.Identifier(schema, mart), sql.Identifier(column)
                )
            )


def _set_comments(connection: Connection, folder: Path, schema: str) -> None:
    """Give tables and columns the comments of the release's own file, Chinese and English."""
    with duckdb.connect(str(folder / DATABASE), read_only=True) as release:
        tables = release.execute(
            "select table_name, comment from duckdb_tables() where schema_name = ? and comment is not null",
            [SCHEMA],
        ).fetchall()
        columns = release.execute(
            "select table_name, column_name, comment from duckdb_columns()"
            " where schema_name = ? and comment is not null",
            [SCHEMA],
        ).fetchall()
    for kind, *names, comment in [("table", *row) for row in tables] + [("column", *row) for row in columns]:
        connection.execute(
            sql.SQL("comment on {} {} is {}").format(
                sql.SQL(kind), sql.Identifier(schema, *names), sql.Literal(comment)
            )
        )


def _grant(connection: Connection, schema: str, readers: str) -> None:
    """Let ``readers`` read the marts and the register. Grants go with the tables through every renaming."""
    grant = sql.SQL("grant usage on schema {0} to {1}; grant select on all tables in schema {0} to {1}")
    for readable in (schema, REGISTER_SCHEMA):
        connection.execute(grant.format(sql.Identifier(readable), sql.Identifier(readers)))


def _text(value: object) -> str:
    """Quote the text of ``value`` for DuckDB."""
    return "'" + str(value).replace("'", "''") + "'"
