"""What the orchestration tests share: a clean environment, homes, and one dbt manifest for all of them."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from orchestration.dbt_manifest import DBT_PROJECT, prepare_manifest
from orchestration.settings import Settings


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Take the machine's own settings away, and let a test's home be nobody else's."""
    for name in [name for name in os.environ if name.startswith("COOPZONES_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path / "dagster-home-of-nobody"))
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="session")
def manifests(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of manifests of this project, parsed once a session."""
    folder = tmp_path_factory.mktemp("manifests")
    prepare_manifest(DBT_PROJECT, folder)
    return folder


@pytest.fixture
def home(tmp_path: Path, manifests: Path) -> Path:
    """A new home whose manifest is already made."""
    root = tmp_path / "home"
    shutil.copytree(manifests, root / "dbt")
    return root


@pytest.fixture
def empty_inbox(tmp_path: Path) -> Path:
    """An inbox that exists and holds nothing."""
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    return inbox


@pytest.fixture
def settings(home: Path, empty_inbox: Path) -> Callable[..., Settings]:
    """Give settings of this test's home and an empty inbox, but for what is stated."""

    def state(**stated: object) -> Settings:
        return Settings(**{"home": home, "inbox": str(empty_inbox), **stated})  # type: ignore[arg-type]

    return state
