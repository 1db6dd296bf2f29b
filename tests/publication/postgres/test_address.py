"""An address whose password was not written as a URL wants it is refused before anybody is asked for it."""

import traceback
from pathlib import Path

import duckdb
import pytest
from psycopg.conninfo import conninfo_to_dict
from pydantic import SecretStr

from publication.postgres.address import Address
from publication.postgres.configuration import Shelf
from publication.postgres.errors import ServerError, UnreadableAddressError
from publication.postgres.shelf import shelve_current


def shelf_at(url: str) -> Shelf:
    return Shelf(SecretStr(url), None, grace_minutes=60)


@pytest.mark.parametrize(
    "password", ["left@right", "left@", "@right", "left/right", "1/right", "l@e/f@t", "%zz"]
)
def test_a_password_with_a_bare_special_character_is_refused_and_no_part_of_it_is_told(
    tmp_path: Path, password: str
) -> None:
    with pytest.raises(UnreadableAddressError) as caught:
        shelve_current(tmp_path, shelf_at(f"postgresql://loader:{password}@127.0.0.1:1/marts"))
    told = "".join(traceback.format_exception_only(caught.value))
    assert "special characters of the password (such as @ and /) written as %XX" in told
    assert [part for part in ("left", "right", "@1", "zz", "l@e") if part in told] == []


@pytest.mark.parametrize(
    ("url", "host", "database"),
    [
        ("postgresql://loader:le%40ft%2Fri?ght@127.0.0.1:1/marts", "127.0.0.1", "marts"),
        ("postgresql://loader@127.0.0.1,127.0.0.2/m%40rts", "127.0.0.1,127.0.0.2", "m@rts"),
        ("postgresql://%2Fvar%2Frun/marts", "/var/run", "marts"),
        ("postgresql:///marts?host=/var/run&user=loader@example", "/var/run", "marts"),
        ("postgresql:///?service=shelf", None, None),
    ],
)
def test_an_address_as_libpq_has_it_is_taken(url: str, host: str | None, database: str | None) -> None:
    taken = conninfo_to_dict(Address.of(shelf_at(url)).conninfo)
    assert (taken.get("host"), taken.get("dbname")) == (host, database)


def test_of_a_connection_that_broke_within_duckdb_its_words_are_told_and_not_its_stack() -> None:
    address = Address.of(shelf_at("postgresql://loader:left%40right@127.0.0.1:1/marts"))
    broken = duckdb.FatalException(
        "FATAL Error: Failed to roll back: server closed the connection unexpectedly\n\n"
        "Stack Trace:\n\n/srv/python/duckdb.so(+0x18eb3a) [0x7f]\n/srv/python/duckdb.so(+0x18ec00) [0x7f]"
    )
    with pytest.raises(ServerError) as caught, address.in_clear_words():
        raise broken
    said = "FATAL Error: Failed to roll back: server closed the connection unexpectedly"
    assert str(caught.value).splitlines() == [
        f"PostgreSQL 未能接收发布：连接中断：{said}",
        f"PostgreSQL did not take the release: the connection was lost: {said}",
    ]
