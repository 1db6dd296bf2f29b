"""Readers in other processes hammer both shelves while releases are published, shelved and swapped back."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from postgres_server import READER, Database
from psycopg import sql

from publication.manifest import read_manifest
from publication.postgres.configuration import Shelf
from publication.postgres.register import begin_load
from publication.postgres.shelf import shelve_current
from publication.postgres.swapping import drop_finished, swap_in
from publication.releases import rollback

pytestmark = [pytest.mark.slow, pytest.mark.postgres]

READER_PROGRAM = Path(__file__).with_name("hammering_reader.py")
LONGEST_WAIT = 5.0
"""Seconds of an answer on a machine that is busy with much else."""


@contextmanager
def hammering(stop: Path, *readers: dict[str, str]) -> Iterator[list[dict[str, Any]]]:
    """Let ``readers`` read during the block; afterwards the list holds what each of them saw."""
    seen: list[dict[str, Any]] = []
    processes = [
        subprocess.Popen(  # noqa: S603
            [sys.executable, str(READER_PROGRAM), json.dumps({**reader, "stop": str(stop)})],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for reader in readers
    ]  # fmt: skip
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "reading\n"
    yield seen
    stop.touch()
    for process in processes:
        output, errors = process.communicate(timeout=60)
        assert process.returncode == 0, errors
        seen.append(json.loads(output))


def test_hundreds_of_swaps_in_a_row_never_give_an_answer_of_two_releases(
    released_home: Path, make_shelf: Callable[..., Shelf], database: Database, tmp_path: Path
) -> None:
    """A statement looks several names up one after another: no swap may come between."""
    shelf = make_shelf(database, grace_minutes=0, swap_attempts=20)
    shelve_current(released_home, shelf)
    manifest = read_manifest(released_home / "releases" / "1")
    make = sql.SQL(
        "create table {0}.zones as select 'HZ32050001' as zone_id, {1}::text as zone_name;"
        "create table {0}.enterprises as select 'HZ32050001' as zone_id, {1}::text as enterprise_name;"
        "grant usage on schema {0} to {2}; grant select on all tables in schema {0} to {2}"
    )

    def swap(connection: psycopg.Connection, number: int) -> None:
        load = begin_load(connection, manifest.model_copy(update={"release_id": number}))
        connection.execute(make.format(sql.Identifier(load.schema_name), number, sql.Identifier(READER)))
        assert swap_in(connection, load, shelf.limits)
        drop_finished(connection, shelf)

    with psycopg.connect(database.url, autocommit=True) as connection:
        swap(connection, 1)
        reader = {"kind": "postgres", "at": database.reader_url}
        with hammering(tmp_path / "stop", reader, reader) as seen:
            for number in range(2, 400):
                swap(connection, number)
    for reader in seen:
        assert len(reader["releases"]) > 50
        assert reader["mixed"] == []
        assert reader["longest_wait"] < LONGEST_WAIT


def test_every_answer_of_both_shelves_is_of_one_release_and_comes_at_once(
    night, make_shelf: Callable[..., Shelf], database: Database
) -> None:
    shelf = make_shelf(database, grace_minutes=60, swap_attempts=20)

    def publish(number: int) -> None:
        night.zones = [night.zone("HZ32050001", str(number))]
        night.enterprises = [("HZ32050001", 2025, f"91{row:016d}", str(number), "1") for row in range(300)]
        night.publish(keep=3)
        assert shelve_current(night.home, shelf).is_seamless

    publish(1)
    releases = str(night.home / "releases")
    with hammering(
        night.scratch / "stop",
        {"kind": "postgres", "at": database.reader_url, "pause": 0.02},
        {"kind": "postgres", "at": database.reader_url, "pause": 0.02},
        {"kind": "duckdb", "at": releases, "pause": 0.02},
        {"kind": "parquet", "at": releases, "pause": 0.02},
    ) as seen:
        for number in range(2, 5):
            publish(number)
            rollback(night.home)
            assert shelve_current(night.home, shelf).is_seamless
            rollback(night.home, number)
            assert shelve_current(night.home, shelf).is_seamless
    for reader in seen:
        assert reader["answers"] > 20
        assert len(reader["releases"]) > 2
        assert reader["mixed"] == []
        assert reader["longest_wait"] < LONGEST_WAIT
