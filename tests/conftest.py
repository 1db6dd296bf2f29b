"""What the tests of several rooms share."""

import csv
import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright
from postgres_server import Database, PostgresServer, running_server

from ingestion.places.limits import InboxLimits

GOLDEN = Path(__file__).parent / "golden"
CHROMIUM_FLAGS = [
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]  # fmt: skip


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


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Give the Debian package's browser, headless, which reaches nothing but 127.0.0.1.

    One at a time in a process, and no longer than its module: its library takes no second one beside it, and
    while it runs, Python 3.11 can't parse the source that a failing test is shown with.
    """
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.fail(
            "这些测试需要 Debian 软件包 chromium：apt-get install chromium。 / "
            "These tests need Debian's package chromium: apt-get install chromium"
        )
    with sync_playwright() as started:
        opened = started.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def history_marts() -> frozenset[str]:
    """Give the marts that go on from the release before: two nights of one inbox differ in them."""
    return frozenset({"releases", "findings_by_release", "changes_since_last_release"})
