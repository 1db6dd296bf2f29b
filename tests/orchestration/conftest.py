"""What the orchestration tests share: a clean environment, and one parsed dbt project for all of them."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from orchestration.dbt_manifest import DBT_PROJECT, prepare_project
from orchestration.home import Home

WRITE_SNAPSHOTS = "COOPZONES_WRITE_SNAPSHOTS"
asked_to_write = bool(os.environ.get(WRITE_SNAPSHOTS))


@pytest.fixture(scope="session")
def write_snapshots() -> bool:
    """Whether the snapshots are to be written anew."""
    return asked_to_write


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Take the machine's own settings away, and let a test's home be nobody else's."""
    for name in [name for name in os.environ if name.startswith("COOPZONES_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path / "dagster-home-of-nobody"))
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="session")
def parsed_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a home in which the dbt project has been parsed, once a session, and nothing else."""
    home = Home(tmp_path_factory.mktemp("parsed") / "home")
    prepare_project(DBT_PROJECT, home, "duckdb")
    return home.root


@pytest.fixture
def home(parsed_home: Path) -> Iterator[Path]:
    """Lend the parsed home to one test: afterwards only the parsed project is left in it."""
    yield parsed_home
    for path in parsed_home.iterdir():
        if path.is_file():
            path.unlink()
        elif path.name != "dbt":
            shutil.rmtree(path)


@pytest.fixture
def empty_inbox(tmp_path: Path) -> Path:
    """Give an inbox that exists and holds nothing."""
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    return inbox
