"""The address is a secret: whatever goes wrong, neither it nor its password stands in what is told."""

import re
import traceback
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from postgres_server import LOADER, PASSWORDS, Database
from pydantic import SecretStr

from publication.postgres.configuration import Shelf
from publication.postgres.errors import ShelfError
from publication.postgres.shelf import shelve_current

pytestmark = [pytest.mark.slow, pytest.mark.postgres]

PASSWORD = PASSWORDS[LOADER]
FORMS = (
    PASSWORD,
    quote(PASSWORD, safe=""),
    PASSWORD.replace("'", "''"),
    PASSWORD.replace("\\", "\\\\"),
    "geheim",
)


def told_of(home: Path, url: str) -> str:
    """Give all that a failing load tells: message, traceback, what the error was made of."""
    shelf = Shelf(SecretStr(url), None, grace_minutes=60)
    assert url not in repr(shelf)
    with pytest.raises(ShelfError) as caught:
        shelve_current(home, shelf)
    return "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda url: re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:1", url), 'at "127.0.0.1", port 1 failed'),
        (lambda url: url.rpartition("/")[0] + "/nowhere", 'database "nowhere" does not exist'),
        (lambda url: url.replace("loader:", "loader:x"), 'password authentication failed for user "loader"'),
        (lambda url: url.replace("%20", "%zz"), "can't be read"),
        (lambda url: url + "?no_such_parameter=1", "can't be read"),
        (lambda url: url.replace("@", "@geheim@"), "can't be read"),
    ],
    ids=["no server", "no database", "wrong password", "not encoded", "no parameter of libpq", "stray @"],
)
def test_a_failure_to_connect_says_where_and_never_the_password(
    released_home: Path, database: Database, spoil: Callable[[str], str], said: str
) -> None:
    told = told_of(released_home, spoil(database.url))
    assert said in told
    assert [form for form in (spoil(database.url), *FORMS) if form in told] == []


def test_the_extension_repeats_the_address_and_the_message_does_not(
    released_home: Path, database: Database
) -> None:
    """DuckDB connects by itself, after the first connection; a limit of one connection makes it fail."""
    database.run("alter role loader connection limit 1", database.administrator_url)
    try:
        told = told_of(released_home, database.url)
    finally:
        database.run("alter role loader connection limit -1", database.administrator_url)
    assert 'Unable to connect to Postgres at "***"' in told
    assert "too many connections for role" in told
    assert [form for form in (database.url, *FORMS) if form in told] == []
