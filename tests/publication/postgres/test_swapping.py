"""The swap, and what is left behind: by failures, kills, readers who stay, other loads, other people."""

import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from postgres_server import READER, Database, PostgresServer, running_server
from pydantic import SecretStr

from ingestion.progress import SilentProgress
from publication.postgres.configuration import Shelf
from publication.postgres.errors import (
    NothingToShelveError,
    ServerError,
    ShelfInUseError,
    UnsuitableDatabaseError,
)
from publication.postgres.shelf import shelve_current
from publication.postgres.swapping import Holder

pytestmark = [pytest.mark.slow, pytest.mark.postgres]

KILLED_LOAD = Path(__file__).with_name("killed_load.py")
SCHEMAS = "select nspname from pg_namespace where nspname like 'marts%' order by 1"
CURRENT = "select release_id from coopzones.shelved_releases where schema_name = 'marts'"
LONGEST_WAIT = 2.0
"""Seconds, far above what a swap holds anybody up, far below what waiting for another reader would take."""


class OnAdvance(SilentProgress):
    """Does something when the first mart has been copied."""

    def __init__(self, then: Callable[[], object]) -> None:
        self.then: Callable[[], object] | None = then

    def advance(self, count: int = 1) -> None:  # noqa: ARG002 (how many does not matter)
        """Do it once."""
        if self.then is not None:
            self.then, then = None, self.then
            then()


@pytest.fixture
def long_reader(database: Database) -> Iterator[Callable[[], psycopg.Connection]]:
    """Give an opener of readers that have read the marts and keep their transaction open."""
    opened: list[psycopg.Connection] = []

    def open_reader() -> psycopg.Connection:
        connection = psycopg.connect(database.reader_url, application_name="year book")
        opened.append(connection)
        assert connection.execute("select zone_id from marts.zones").fetchall()
        return connection

    yield open_reader
    for connection in opened:
        connection.close()


def test_the_replaced_marts_stay_for_the_grace_time_and_no_longer(
    released_home: Path, make_shelf: Callable[..., Shelf], database: Database
) -> None:
    shelf = make_shelf(database, grace_minutes=60)
    for _ in range(3):
        assert shelve_current(released_home, shelf).kept == ()
    assert database.rows(SCHEMAS) == [("marts",), ("marts_old_1",), ("marts_old_2",)]
    assert database.rows("select zone_id from marts_old_1.zones", database.reader_url) == [("HZ32050001",)]
    database.run(
        "update coopzones.shelved_releases set replaced_at = replaced_at - interval '60 minutes'"
        " where load_number = 1"
    )
    shelve_current(released_home, shelf)
    assert database.rows(SCHEMAS) == [("marts",), ("marts_old_2",), ("marts_old_3",)]


def test_a_reader_in_a_long_transaction_neither_blocks_the_swap_nor_waits_for_it(
    released_home: Path, make_shelf: Callable[..., Shelf], database: Database, long_reader
) -> None:
    shelf = make_shelf(database, grace_minutes=0)
    assert shelve_current(released_home, shelf).is_seamless
    reader = long_reader()
    began = time.monotonic()
    shelved = shelve_current(released_home, shelf)
    assert time.monotonic() - began < 10 * LONGEST_WAIT
    assert not shelved.is_seamless
    assert shelved.passed_by == (Holder(reader.info.backend_pid, READER, "year book"),)
    assert [kept.schema_name for kept in shelved.kept] == ["marts_old_1"]
    assert "somebody still reads it" in shelved.kept[0].why
    began = time.monotonic()
    assert reader.execute("select zone_id from marts_old_1.zones").fetchall() == [("HZ32050001",)]
    assert reader.execute("select zone_id from marts.zones").fetchall() == [("HZ32050001",)]
    assert time.monotonic() - began < LONGEST_WAIT


def test_what_a_reader_kept_beyond_the_grace_time_goes_with_a_later_load(
    released_home: Path, make_shelf: Callable[..., Shelf], database: Database, long_reader
) -> None:
    shelf = make_shelf(database, grace_minutes=0, swap_attempts=1)
    shelve_current(released_home, shelf)
    reader = long_reader()
    shelve_current(released_home, shelf)
    reader.rollback()
    assert shelve_current(released_home, shelf).kept == ()
    assert database.rows(SCHEMAS) == [("marts",)]


def test_a_reader_who_comes_during_attempts_waits_no_longer_than_one_of_them(
    released_home: Path, make_shelf: Callable[..., Shelf], database: Database, long_reader
) -> None:
    shelf = make_shelf(database, swap_attempts=8)
    shelve_current(released_home, shelf)
    long_reader()
    loading = threading.Thread(target=shelve_current, args=(released_home, shelf))
    loading.start()
    waits = []
    while loading.is_alive():
        began = time.monotonic()
        assert database.rows("select zone_id from marts.zones", database.reader_url) == [("HZ32050001",)]
        waits.append(time.monotonic() - began)
    assert max(waits) < LONGEST_WAIT


def test_a_view_upon_old_marts_is_told_and_not_dropped(
    released_home: Path, make_shelf: Callable[..., Shelf], database: Database
) -> None:
    shelf = make_shelf(database, grace_minutes=0)
    shelve_current(released_home, shelf)
    database.run("create schema office; create view office.names as select zone_name from marts.zones")
    [kept] = shelve_current(released_home, shelf).kept
    assert (kept.schema_name, "office.names" in kept.why) == ("marts_old_1", True)
    assert database.rows("select zone_name from office.names") == [("苏州合作区",)]


def test_marts_that_somebody_dropped_by_hand_come_back(
    released_home: Path, shelf: Shelf, database: Database
) -> None:
    shelve_current(released_home, shelf)
    database.run("drop schema marts cascade")
    shelve_current(released_home, shelf)
    assert database.rows("select zone_id from marts.zones") == [("HZ32050001",)]


def test_a_schema_marts_of_somebody_else_is_left_alone(
    released_home: Path, shelf: Shelf, database: Database
) -> None:
    database.run("create schema marts; create table marts.theirs as select 1 as one")
    with pytest.raises(UnsuitableDatabaseError, match="not coopzones'"):
        shelve_current(released_home, shelf)
    assert database.rows("select one from marts.theirs") == [(1,)]


def test_a_database_that_cannot_hold_chinese_is_refused(
    released_home: Path, make_shelf: Callable[..., Shelf], postgres_server: PostgresServer
) -> None:
    with pytest.raises(UnsuitableDatabaseError, match="must be UTF8"):
        shelve_current(released_home, make_shelf(postgres_server.create_database("LATIN1")))


def test_a_role_of_readers_that_does_not_exist_is_named(
    released_home: Path, make_shelf: Callable[..., Shelf], database: Database
) -> None:
    with pytest.raises(UnsuitableDatabaseError, match='no role "nobody of ours"'):
        shelve_current(released_home, make_shelf(database, readers="nobody of ours"))
    assert database.rows(SCHEMAS) == []


def test_a_home_without_a_release_has_nothing_to_shelve(tmp_path: Path, shelf: Shelf) -> None:
    with pytest.raises(NothingToShelveError, match="Run coopzones run first"):
        shelve_current(tmp_path, shelf)


def test_a_right_that_was_taken_away_is_told_and_the_old_marts_stand(
    released_home: Path, shelf: Shelf, database: Database
) -> None:
    shelve_current(released_home, shelf)
    database.run(f"revoke create on database {database.name} from loader", database.administrator_url)
    with pytest.raises(ServerError, match="permission denied for database"):
        shelve_current(released_home, shelf)
    assert database.rows("select zone_id from marts.zones", database.reader_url) == [("HZ32050001",)]


def test_a_copy_that_the_server_refuses_half_way_leaves_nothing(
    released_home: Path, shelf: Shelf, database: Database
) -> None:
    shelve_current(released_home, shelf)

    def take_the_schema_away() -> None:
        database.run("alter schema marts_loading_2 owner to postgres", database.administrator_url)

    with pytest.raises(ServerError, match="permission denied for schema marts_loading_2"):
        shelve_current(released_home, shelf, OnAdvance(take_the_schema_away))
    assert database.rows(CURRENT) == [(1,)]


def test_a_server_that_dies_during_a_load_comes_back_with_the_old_marts(
    released_home: Path, make_shelf: Callable[..., Shelf]
) -> None:
    with running_server() as server:
        database = server.create_database()
        shelf = make_shelf(database, grace_minutes=0)
        shelve_current(released_home, shelf)
        with pytest.raises(ServerError):
            shelve_current(released_home, shelf, OnAdvance(lambda: server.stop(signal.SIGQUIT)))
        with pytest.raises(ServerError, match="Connection refused"):
            shelve_current(released_home, shelf)
        server.start()
        assert database.rows("select zone_id from marts.zones", database.reader_url) == [("HZ32050001",)]
        assert database.rows(SCHEMAS) == [("marts",), ("marts_loading_2",)]
        assert shelve_current(released_home, shelf).kept == ()
        assert database.rows(SCHEMAS) == [("marts",)]


def test_a_load_killed_before_any_of_its_statements_leaves_old_marts_or_new_ones_and_no_mix(
    night, database: Database
) -> None:
    for stamp in ("old", "new"):
        night.zones = [night.zone("HZ32050001", stamp)]
        night.enterprises = [("HZ32050001", 2025, f"91{row:016d}", stamp, "1") for row in range(50)]
        night.publish()
        if stamp == "old":
            shelve_current(night.home, Shelf(SecretStr(database.url), READER, 0))
    plan = {
        "home": str(night.home), "url": database.url, "reader_url": database.reader_url,
        "readers": READER, "every": 6,
    }  # fmt: skip
    run = subprocess.run(  # noqa: S603
        [sys.executable, str(KILLED_LOAD), json.dumps(plan)],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert run.returncode == 0, run.stderr
    outcomes = [tuple(outcome) for outcome in json.loads(run.stdout)]
    assert set(outcomes) == {(1, "oldold"), (2, "newnew")}
    assert outcomes == sorted(outcomes)
    assert outcomes.count((1, "oldold")) > 5
    assert database.rows(SCHEMAS) == [("marts",)]


def test_a_load_waits_its_turn_and_says_so_when_it_does_not_come(
    released_home: Path, shelf: Shelf, database: Database
) -> None:
    def load_meanwhile() -> None:
        with pytest.raises(ShelfInUseError, match="in progress for 1 s"):
            shelve_current(released_home, shelf)

    assert shelve_current(released_home, shelf, OnAdvance(load_meanwhile)).is_seamless
    assert database.rows("select load_number from coopzones.shelved_releases") == [(1,)]


def test_two_loads_at_once_come_one_after_the_other(
    released_home: Path, make_shelf: Callable[..., Shelf], database: Database
) -> None:
    shelf = make_shelf(database, turn_seconds=60)
    loads = [threading.Thread(target=shelve_current, args=(released_home, shelf)) for _ in range(3)]
    for load in loads:
        load.start()
    for load in loads:
        load.join()
    told = database.rows("select load_number, schema_name from coopzones.shelved_releases order by 1")
    assert told == [(1, "marts_old_1"), (2, "marts_old_2"), (3, "marts")]
