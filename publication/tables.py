"""The marts as they leave: one DuckDB file and one Parquet file a mart, the same rows in the same order."""

from pathlib import Path

import duckdb

from publication.errors import IncompleteReleaseError
from publication.parquet_comments import file_metadata

DATABASE = "coopzones.duckdb"
PARQUET = "parquet"
SCHEMA = "marts"

STORAGE_VERSION = "v1.0.0"
"""The oldest storage that stays readable for every DuckDB 1.x. BI drivers lag behind the engine, and a driver
refuses a file whose storage is newer than itself; the marts need nothing that came later."""

AS_PARQUET = "format parquet, compression zstd, compression_level 1"
"""The lowest level: half the time of the default one, and files of the same size."""


def copy_marts(warehouse: Path, folder: Path) -> dict[str, int]:
    """Copy every table or view of the schema ``marts`` of ``warehouse`` into the release at ``folder``.

    Writes ``coopzones.duckdb`` (schema ``marts`` and nothing else) and ``parquet/<mart>.parquet``, both with
    the comments of tables and columns. Rows are ordered by all columns from the first, which orders them by
    the key, since a mart's key leads; so the same rows give the same order on any night. Gives the number of
    rows of each mart. Raises ``IncompleteReleaseError`` when the schema holds no mart.
    """
    (folder / PARQUET).mkdir()
    spill = folder / ".spill"
    with duckdb.connect(config={"temp_directory": str(spill), "autoinstall_known_extensions": False}) as hub:
        hub.execute(f"attach {_text(warehouse)} as warehouse (read_only)")
        hub.execute(
            f"attach {_text(folder / DATABASE)} as release (storage_version {_text(STORAGE_VERSION)})"
        )
        hub.execute(f"create schema release.{SCHEMA}")
        marts = _marts(hub)
        if not marts:
            raise IncompleteReleaseError(
                f"数据仓库 {warehouse} 的 marts 模式中没有任何数据集，未制作发布。请先运行数据转换。",
                f"The schema marts of the warehouse {warehouse} holds no mart; no release was made. "
                "Run the transformations first.",
            )
        for mart in marts:
            table, source = f"release.{SCHEMA}.{_name(mart)}", f"warehouse.{SCHEMA}.{_name(mart)}"
            hub.execute(f"create table {table} as from {source} order by all")
        _copy_comments(hub)
        row_counts = {mart: _write_parquet(hub, mart, folder) for mart in marts}
        # Detaching writes everything into the one file; no write-ahead log may stay beside it.
        hub.execute("detach release")
    if spill.exists():
        spill.rmdir()
    return row_counts


def _marts(hub: duckdb.DuckDBPyConnection) -> list[str]:
    """Give the names of the warehouse's marts, sorted."""
    found = hub.execute(
        "select table_name from information_schema.tables"
        " where table_catalog = 'warehouse' and table_schema = ? order by table_name",
        [SCHEMA],
    ).fetchall()
    return [name for (name,) in found]


def _write_parquet(hub: duckdb.DuckDBPyConnection, mart: str, folder: Path) -> int:
    """Write one mart of the release's database to Parquet with its comments; give its number of rows."""
    table = f"release.{SCHEMA}.{_name(mart)}"
    metadata = file_metadata(hub.sql(f"from {table} limit 0").to_arrow_table().schema, *_comments(hub, mart))
    told = ", ".join(f"{_name(key)}: {_text(value)}" for key, value in metadata.items())
    target = _text(folder / PARQUET / f"{mart}.parquet")
    written = hub.execute(
        f"copy (from {table}) to {target} ({AS_PARQUET}, kv_metadata {{{told}}})"
    ).fetchone()
    return 0 if written is None else int(written[0])


def _comments(hub: duckdb.DuckDBPyConnection, mart: str) -> tuple[str | None, dict[str, str]]:
    """Give the comment of a mart of the release's database and those of its columns."""
    found = hub.execute(
        "select null as column_name, comment from duckdb_tables()"
        " where database_name = 'release' and table_name = $mart and comment is not null"
        " union all select column_name, comment from duckdb_columns()"
        " where database_name = 'release' and table_name = $mart and comment is not null",
        {"mart": mart},
    ).fetchall()
    comments = dict(found)
    return comments.pop(None, None), comments


def _copy_comments(hub: duckdb.DuckDBPyConnection) -> None:
    """Give the release's tables and columns the comments that the warehouse's have."""
    tables = hub.execute(
        "select table_name, comment from duckdb_tables()"
        " where database_name = 'warehouse' and schema_name = $schema and comment is not null"
        " union all select view_name, comment from duckdb_views()"
        " where database_name = 'warehouse' and schema_name = $schema and comment is not null",
        {"schema": SCHEMA},
    ).fetchall()
    for mart, comment in tables:
        hub.execute(f"comment on table release.{SCHEMA}.{_name(mart)} is {_text(comment)}")
    columns = hub.execute(
        "select table_name, column_name, comment from duckdb_columns()"
        " where database_name = 'warehouse' and schema_name = ? and comment is not null",
        [SCHEMA],
    ).fetchall()
    for mart, column, comment in columns:
        hub.execute(f"comment on column release.{SCHEMA}.{_name(mart)}.{_name(column)} is {_text(comment)}")


def _name(identifier: str) -> str:
    """Quote ``identifier`` for SQL."""
    return '"' + identifier.replace('"', '""') + '"'


def _text(value: object) -> str:
    """Quote the text of ``value`` for SQL."""
    return "'" + str(value).replace("'", "''") + "'"
