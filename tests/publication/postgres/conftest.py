"""Shelves of the tests: a database of one's own, short waits, and a release that is made once."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from postgres_server import READER, Database
from pydantic import SecretStr

from publication.postgres.configuration import Shelf, ShelfLimits

QUICK = {"swap_attempts": 3, "swap_pause_milliseconds": 50, "turn_seconds": 1}
"""Waits that a test has time for; all others are the seed's."""


def shelf_in(
    database: Database, *, readers: str | None = READER, grace_minutes: int = 60, **limits: Any
) -> Shelf:
    """Give a shelf in ``database``, with quick waits unless told otherwise."""
    figures = ShelfLimits.of_seed().model_copy(update=QUICK | limits)
    return Shelf(SecretStr(database.url), readers, grace_minutes, figures)


@pytest.fixture(scope="session")
def make_shelf() -> Callable[..., Shelf]:
    """Give a maker of shelves."""
    return shelf_in


@pytest.fixture
def shelf(database: Database) -> Shelf:
    """Give a shelf that the readers' role may read, in this test's own database."""
    return shelf_in(database)


@pytest.fixture(scope="session")
def released_home(make_night_in: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a home with one release; whoever uses it shelves that release and publishes none."""
    night = make_night_in(tmp_path_factory.mktemp("released"))
    night.publish()
    return night.home
