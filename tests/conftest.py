"""What the tests of several rooms share."""

import csv
import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from postgres_server import Database, PostgresServer, running_server

from ingestion.places.limits import InboxLimits

GOLDEN = Path(__file__).parent / "golden"


@pytest.fixture(scope="session", autouse=True)
def seed_limits() -> Iterator[InboxLimits]:
    """Wait for no file to be quiet: tests write theirs whole and receive them at once.

    Gives the limits as the seed has them, for the tests of waiting.
    """
    limits = InboxLimits.of_the_seed()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(InboxLimits, "of_the_seed", lambda: replace(limits, quiet_seconds=0))
        yield limits


@pytest.fixture(scope="session")
def golden_inbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a copy of the golden inbox in which every workbook has the time of its receipt."""
    inbox = tmp_path_factory.mktemp("golden") / "inbox"
    shutil.copytree(GOLDEN / "inbox", inbox)
    with (inbox / "ledgers" / "receipts.csv").open(encoding="utf-8-sig", newline="") as receipts:
        for receipt in csv.DictReader(receipts):
            received = datetime.fromisoformat(receipt["received_at"]).timestamp()
            os.utime(inbox / "submissions" / receipt["file_name"], (received, received))
    return inbox


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """Give a PostgreSQL of this session's own."""
    with running_server() as server:
        yield server


@pytest.fixture
def database(postgres_server: PostgresServer) -> Database:
    """Give an empty database of one test's own."""
    return postgres_server.create_database()
