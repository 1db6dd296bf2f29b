"""Reading the marts of a release: what is there, and rows as the pages take them."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

Row = dict[str, Any]


class Marts:
    """The marts of one release, open for reading."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        found = connection.execute(
            "select table_name from information_schema.tables where table_schema = 'marts'"
        ).fetchall()
        self.names = frozenset(name for (name,) in found)

    def has(self, *marts: str) -> bool:
        """Say whether all of ``marts`` are in the release."""
        return self.names.issuperset(marts)

    def frame(self, sql: str, *parameters: object) -> pl.DataFrame:
        """Give the rows of ``sql``, whose tables stand in the schema ``marts``."""
        return self._connection.execute(sql, parameters).pl()

    def rows(self, sql: str, *parameters: object) -> list[Row]:
        """Give the rows of ``sql`` by their columns' names."""
        return self.frame(sql, *parameters).rows(named=True)

    def with_seed(self, name: str, seed: pl.DataFrame) -> None:
        """Let SQL name ``seed`` as ``name``, every column text."""
        self._connection.register(name, seed)


@contextmanager
def open_marts(database: Path) -> Iterator[Marts]:
    """Open the database of a release for reading; the tables' schema need not be named."""
    with duckdb.connect(str(database), read_only=True) as connection:
        connection.execute("set schema = 'marts'")
        yield Marts(connection)


def grouped(rows: list[Row], *keys: str) -> dict[Any, list[Row]]:
    """Give ``rows`` by the value of their key (a tuple where there are several), in their order."""
    by_key: dict[Any, list[Row]] = {}
    for row in rows:
        key = row[keys[0]] if len(keys) == 1 else tuple(row[key] for key in keys)
        by_key.setdefault(key, []).append(row)
    return by_key
