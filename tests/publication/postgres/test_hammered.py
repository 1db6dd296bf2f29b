"""Readers in other processes hammer both shelves while releases are published, shelved and swapped back."""

from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from hammering import Seen, hammering
from postgres_server import READER, Database
from psycopg import sql

from publication.manifest import read_manifest
from publication.postgres.configuration import Shelf
from publication.postgres.register import begin_load
from publication.postgres.shelf import shelve_current
from publication.postgres.swapping import drop_finished, swap_in
from publication.releases import rollback

pytestmark = [pytest.mark.slow, pytest.mark.postgres]

QUESTION = """
select distinct zones.zone_name, enterprises.enterprise_name
from marts.zones join marts.enterprises on enterprises.zone_id = zones.zone_id
"""
LONGEST_WAIT = 5.0
"""Seconds of an answer on a machine that is busy with much else."""

MAKE = sql.SQL(
    "create table {0}.zones as select 'HZ32050001' as zone_id, {1}::text as zone_name;"
    "create table {0}.enterprises as select 'HZ32050001' as zone_id, {1}::text as enterprise_name;"
    "grant usage on schema {0} to {2}; grant select on all tables in schema {0} to {2}"
)


def hold_to_stamps(seen: list[Seen], releases: int) -> None:
    """Hold each answer to the release that was told with it, which every row of every mart names."""
    for reader in seen:
        assert len(reader.by_release) >= releases
        for release, answers in reader.by_release.items():
            assert answers == [[{"zone_name": release, "enterprise_name": release}]]
        assert reader.longest_wait < LONGEST_WAIT


def test_hundreds_of_swaps_in_a_row_never_give_an_answer_of_two_releases(
    released_home: Path, make_shelf: Callable[..., Shelf], database: Database, tmp_path: Path
) -> None:
    """A statement looks several names up one after another: no swap may come between."""
    shelf = make_shelf(database, grace_minutes=0, swap_attempts=20)
    shelve_current(released_home, shelf)
    manifest = read_manifest(released_home / "releases" / "1")

    def swap(connection: psycopg.Connection, number: int) -> None:
        load = begin_load(connection, manifest.model_copy(update={"release_id": number}))
        connection.execute(MAKE.format(sql.Identifier(load.schema_name), number, sql.Identifier(READER)))
        assert swap_in(connection, load, shelf.limits)
        drop_finished(connection, shelf)

    reader = {"kind": "postgres", "at": database.reader_url}
    with psycopg.connect(database.url, autocommit=True) as connection:
        swap(connection, 1)
        with hammering(QUESTION, tmp_path / "stop", reader, reader) as seen:
            for number in range(2, 400):
                swap(connection, number)
    hold_to_stamps(seen, releases=50)


def test_every_answer_of_both_shelves_is_of_one_release_and_comes_at_once(
    night, make_shelf: Callable[..., Shelf], database: Database
) -> None:
    shelf = make_shelf(database, swap_attempts=20)

    def publish(number: int) -> None:
        night.zones = [night.zone("HZ32050001", str(number))]
        night.enterprises = [("HZ32050001", 2025, f"91{row:016d}", str(number), "1") for row in range(300)]
        night.publish(keep=3)
        assert shelve_current(night.home, shelf).is_seamless

    publish(1)
    releases = str(night.home / "releases")
    kinds = [("postgres", database.reader_url), ("duckdb", releases), ("parquet", releases)]
    readers = [{"kind": kind, "at": at, "pause": 0.02} for kind, at in kinds]
    with hammering(QUESTION, night.scratch / "stop", *readers) as seen:
        for number in range(2, 5):
            publish(number)
            rollback(night.home)
            assert shelve_current(night.home, shelf).is_seamless
            rollback(night.home, number)
            assert shelve_current(night.home, shelf).is_seamless
    hold_to_stamps(seen, releases=3)
