"""What docs/postgres.md tells people to do works as it stands; its numbers are the settings' and seeds'."""

import re
from pathlib import Path

import psycopg
import pytest
from postgres_server import ADMINISTRATOR, PostgresServer, address
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
