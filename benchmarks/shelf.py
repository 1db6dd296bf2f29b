"""``python -m benchmarks.shelf``: what shelving costs, as a ratio against a bare COPY of the same rows.

The current release of ``COOPZONES_HOME`` goes into the database of ``COOPZONES_POSTGRES_URL`` twice: as a
night shelves it, and by hand into bare tables from CSV files made beforehand, without keys, comments or swap.
"""

import tempfile
import time
from pathlib import Path

import duckdb
import psycopg
from psycopg import sql

from orchestration.settings import Settings
from publication.postgres.configuration import Shelf
from publication.postgres.shelf import shelve_current
from publication.releases import current_release

BARE = "bare_copy"
PIECE_BYTES = 1 << 20


def main() -> None:
    """Shelve, copy by hand, print the ratio; the schema of the copy is removed again."""
    settings = Settings.load()
    folder = current_release(settings.home)
    if settings.shelf is None or folder is None:
        raise SystemExit("COOPZONES_POSTGRES_URL and a release in COOPZONES_HOME are needed")
    shelved = shelve_current(settings.home, settings.shelf)
    with tempfile.TemporaryDirectory() as files:
        marts = _write_csv(folder / "coopzones.duckdb", Path(files))
        bare = _copy_by_hand(settings.shelf, Path(files), marts)
    rows = sum(shelved.rows.values())
    print(f"shelf: {shelved.seconds:.1f} s for {rows} rows of {len(marts)} marts; bare COPY: {bare:.1f} s")
    print(f"RATIO shelf / bare COPY = {shelved.seconds / bare:.2f}")


def _write_csv(database: Path, files: Path) -> list[str]:
    """Write each mart as a CSV file; give the marts' names."""
    with duckdb.connect(str(database), read_only=True) as release:
        found = release.execute("select table_name from duckdb_tables() order by table_name").fetchall()
        marts = [mart for (mart,) in found]
        for mart in marts:
            release.execute(f"copy marts.{mart} to '{files / mart}.csv' (format csv, force_quote *)")
    return marts


def _copy_by_hand(shelf: Shelf, files: Path, marts: list[str]) -> float:
    """Copy the files into tables shaped as the shelf's; give the seconds that it took."""
    with psycopg.connect(shelf.url.get_secret_value(), autocommit=True) as connection:
        connection.execute(sql.SQL("create schema {}").format(sql.Identifier(BARE)))
        try:
            began = time.perf_counter()
            for mart in marts:
                _copy_file(connection, files / f"{mart}.csv", mart)
            return time.perf_counter() - began
        finally:
            connection.execute(sql.SQL("drop schema {} cascade").format(sql.Identifier(BARE)))


def _copy_file(connection: psycopg.Connection, file: Path, mart: str) -> None:
    """Copy one file into a new table without key or index."""
    table = sql.Identifier(BARE, mart)
    connection.execute(sql.SQL("create table {} (like {})").format(table, sql.Identifier("marts", mart)))
    statement = sql.SQL("copy {} from stdin (format csv, header)").format(table)
    with connection.cursor().copy(statement) as copy, file.open("rb") as stream:
        while piece := stream.read(PIECE_BYTES):
            copy.write(piece)


if __name__ == "__main__":
    main()
