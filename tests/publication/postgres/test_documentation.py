"""What docs/postgres.md tells people to do works as it stands; its numbers are the settings' and seeds'."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
from postgres_server import ADMINISTRATOR, Database, PostgresServer, address
from pydantic import SecretStr

from orchestration.settings import Settings
from publication.postgres.configuration import Shelf, ShelfLimits
from publication.postgres.shelf import shelve_current

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs" / "postgres.md").read_text(encoding="utf-8")


def test_the_numbers_of_the_page_are_those_in_force() -> None:
    limits = ShelfLimits.of_seed()
    assert f"{limits.swap_lock_milliseconds} ms an attempt (`swap_lock_milliseconds`)" in PAGE
    assert f"After {limits.swap_attempts} attempts" in PAGE
    assert f"{limits.turn_seconds} s (`turn_seconds`)" in PAGE
    assert f"still reads them | {Settings.model_fields['postgres_grace_minutes'].default} |" in PAGE


def test_an_attempt_ends_before_the_server_would_choose_who_gives_way() -> None:
    """PostgreSQL looks for deadlocks after one second; a reader must never be the one that it ends."""
    assert ShelfLimits.of_seed().swap_lock_milliseconds < 1000


class SwappedBetween:
    """A reader's connection; once, when a first question has been answered, a newer release is shelved."""

    def __init__(self, connection: psycopg.Connection, swap: Callable[[], object]) -> None:
        self.connection = connection
        self.swap: Callable[[], object] | None = swap

    def execute(self, question: Any) -> psycopg.Cursor:
        """Answer ``question``, then swap if that was a question to the marts."""
        answer = self.connection.execute(question)
        if "marts." in question and self.swap is not None:
            self.swap, swap = None, self.swap
            swap()
        return answer


@pytest.mark.slow
@pytest.mark.postgres
def test_what_the_page_about_python_asks_comes_from_one_release_across_a_swap(
    night: Any, shelf: Shelf, database: Database
) -> None:
    page = (ROOT / "docs" / "bi" / "python.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```python postgres\n(.*?)```", page, re.DOTALL)
    names: dict[str, Any] = {}
    exec(block.partition("with psycopg")[0], names)  # noqa: S102 (our own page)
    night.publish()
    shelve_current(night.home, shelf)
    night.zones = [night.zone("HZ32050002", "昆山合作区")]
    night.quality_failures = [night.finding("f" * 32, "V01")]
    night.publish()

    with psycopg.connect(database.reader_url, autocommit=True) as connection:
        swapped = SwappedBetween(connection, lambda: shelve_current(night.home, shelf))
        (release_id, *_), (zones, findings) = names["ask"](
            swapped, "select zone_id from marts.zones", "select rule_id from marts.quality_failures"
        )
    assert swapped.swap is None
    assert (release_id, zones, findings) == (2, [("HZ32050002",)], [("V01",)])


@pytest.mark.slow
@pytest.mark.postgres
def test_the_setting_up_of_the_page_is_all_that_a_load_needs(
    released_home: Path, postgres_server: PostgresServer
) -> None:
    set_up, who_reads_what = re.findall(r"```sql\n(.*?)```", PAGE.replace("\n  ", "\n"), re.DOTALL)
    port = postgres_server.port
    with psycopg.connect(address(ADMINISTRATOR, port, "postgres"), autocommit=True) as administrator:
        for statement in re.sub(r"--.*", "", set_up).split(";"):
            administrator.execute(statement)
        administrator.execute("create role analyst login password 'hers' in role coopzones_readers")
    loader = SecretStr(f"postgresql://coopzones_loader:%E2%80%A6@127.0.0.1:{port}/coopzones")
    shelve_current(released_home, Shelf(loader, "coopzones_readers", grace_minutes=60))
    with psycopg.connect(f"postgresql://analyst:hers@127.0.0.1:{port}/coopzones") as analyst:
        [(release_id, *_)] = analyst.execute(who_reads_what).fetchall()
        assert release_id == 1
        assert analyst.execute("select zone_id from marts.zones").fetchall() == [("HZ32050001",)]
