"""Real parts for the dashboard: a release on both shelves, and a Superset for each.

Superset stands in an environment of its own (``make superset``), PostgreSQL comes from Debian's package. Both
listen on 127.0.0.1, write below the test's folder and end with the tests.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import duckdb
import httpx
import pytest
from postgres_server import PASSWORDS, READER, PostgresServer

from publication.superset.bundle import Shelf, bundle_bytes, duckdb_shelf, postgres_shelf

ROOT = Path(__file__).resolve().parents[2]
SUPERSET = ROOT / ".venv-superset" / "bin" / "superset"
PASSWORD = "a password of these tests"

CONFIGURATION = """
SECRET_KEY = "a key of these tests, of no use elsewhere"
SQLALCHEMY_DATABASE_URI = "sqlite:///{folder}/superset.db"
DATA_DIR = "{folder}"
CONTENT_SECURITY_POLICY_WARNING = False
"""
BOOT_SECONDS = 240
EARLIER = "2026-05-29T09:00:00"
"""A moment before the sample's own, so that there is something to compare with."""


@dataclass(frozen=True)
class Superset:
    """A Superset that holds the dashboard of one shelf, and where its page is."""

    address: str
    shelf: Shelf

    @property
    def dashboard(self) -> str:
        """The dashboard's page."""
        return f"{self.address}/superset/dashboard/coopzones-{self.shelf.code}/"


def free_port() -> int:
    """Give a port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a home in which two nights over the bundled sample were published, a month apart."""
    folder = tmp_path_factory.mktemp("nights") / "home"
    coopzones("run", folder, COOPZONES_AS_OF=EARLIER)
    coopzones("run", folder)
    return folder


def coopzones(command: str, home: Path, **settings: str) -> None:
    """Run a command of ours on ``home`` with nothing but ``settings``; what it said is in the failure."""
    environment = {name: text for name, text in os.environ.items() if not name.startswith("COOPZONES_")}
    ended = subprocess.run(  # noqa: S603
        [Path(sys.executable).with_name("coopzones"), command],
        env=environment | settings | {"COOPZONES_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout[-5000:] + ended.stderr[-5000:]


@pytest.fixture(scope="session")
def marts(home: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give the marts of the release, to ask in plain SQL."""
    release = (home / "releases" / "current").resolve()
    with duckdb.connect(str(release / "coopzones.duckdb"), read_only=True) as connection:
        yield connection


@pytest.fixture(scope="session")
def postgres_marts(postgres_server: PostgresServer, home: Path) -> str:
    """Give the address of the PostgreSQL shelf as a reader reaches it: the release stands on it."""
    database = postgres_server.create_database()
    coopzones("shelve", home, COOPZONES_POSTGRES_URL=database.url, COOPZONES_POSTGRES_READERS=READER)
    return database.reader_url


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of a fresh Superset: its own tables, its roles and one administrator, nothing else."""
    if not SUPERSET.exists():
        pytest.fail("这些测试需要 Superset：make superset。 / These tests need Superset: make superset")
    folder = configured(tmp_path_factory.mktemp("superset"))
    person = ["--username", "admin", "--password", PASSWORD, "--email", "admin@invalid.example"]
    for command in (
        ["db", "upgrade"],
        ["fab", "create-admin", *person, "--firstname", "A", "--lastname", "B"],
        ["init"],
    ):
        superset(folder, *command)
    return folder


def configured(folder: Path) -> Path:
    """Write Superset's configuration into ``folder``."""
    (folder / "superset_config.py").write_text(CONFIGURATION.format(folder=folder), encoding="utf-8")
    return folder


def environment_of(folder: Path) -> dict[str, str]:
    """Give the environment in which Superset finds its configuration in ``folder`` and tells nobody."""
    mine = {
        "SUPERSET_CONFIG_PATH": str(folder / "superset_config.py"),
        "SUPERSET_HOME": str(folder),
        "FLASK_APP": "superset",
        "SCARF_ANALYTICS": "false",
        "HOME": str(folder),
    }
    return {"PATH": os.environ["PATH"], "LANG": "C.UTF-8"} | mine


def superset(folder: Path, *command: str) -> None:
    """Run a command of Superset's; what it said is in the failure when it fails."""
    ended = subprocess.run(  # noqa: S603
        [SUPERSET, *command], env=environment_of(folder), capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr[-5000:]


@contextmanager
def running(folder: Path, shelf: Shelf) -> Iterator[Superset]:
    """Run the Superset of ``folder`` until the end of the block."""
    port = free_port()
    command = [SUPERSET, "run", "-h", "127.0.0.1", "-p", str(port), "--with-threads"]
    log = folder / "log"
    with log.open("wb") as said:
        server = subprocess.Popen(command, env=environment_of(folder), stdout=said, stderr=said)  # noqa: S603
    try:
        address = f"http://127.0.0.1:{port}"
        await_health(address, server, log)
        yield Superset(address, shelf)
    finally:
        server.terminate()
        server.wait(timeout=30)


def await_health(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until Superset answers at ``address``."""
    until = time.monotonic() + BOOT_SECONDS
    while time.monotonic() < until and server.poll() is None:
        try:
            with urlopen(f"{address}/health", timeout=5):  # noqa: S310 (our own server)
                return
        except (URLError, TimeoutError):
            time.sleep(0.5)
    pytest.fail(log.read_text(encoding="utf-8", errors="replace")[-5000:])


@pytest.fixture(scope="session")
def supersets(
    prepared: Path, home: Path, postgres_marts: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Superset]]:
    """Give, by shelf, a fresh Superset into which its bundle was imported.

    The DuckDB shelf's by the command line, PostgreSQL's as the page does it, which can be told a password.
    """
    duck, postgres = duckdb_shelf(home), postgres_shelf(postgres_marts)
    folders = {shelf.code: configured(tmp_path_factory.mktemp(shelf.code)) for shelf in (duck, postgres)}
    for folder in folders.values():
        shutil.copy(prepared / "superset.db", folder)
    bundle = folders["duckdb"] / "bundle.zip"
    bundle.write_bytes(bundle_bytes(duck))
    superset(folders["duckdb"], "import-dashboards", "--path", str(bundle), "--username", "admin")
    with running(folders["duckdb"], duck) as one, running(folders["postgres"], postgres) as other:
        asked = import_on_the_page(other, password=None)
        assert asked.status_code == 422, asked.text
        assert "Must provide a password" in asked.text
        told = import_on_the_page(other, password=PASSWORDS[READER])
        assert told.status_code == 200, told.text
        yield {"duckdb": one, "postgres": other}


def import_on_the_page(superset: Superset, password: str | None) -> httpx.Response:
    """Send the bundle to Superset as its import page does; give the answer."""
    with httpx.Client(base_url=f"{superset.address}/api/v1", timeout=BOOT_SECONDS) as client:
        person = {"username": "admin", "password": PASSWORD, "provider": "db"}
        token = client.post("/security/login", json=person).raise_for_status().json()["access_token"]
        client.headers["Authorization"] = f"Bearer {token}"
        csrf = client.get("/security/csrf_token/").raise_for_status().json()["result"]
        return client.post(
            "/dashboard/import/",
            headers={"X-CSRFToken": csrf, "Referer": superset.address, "Accept": "application/json"},
            files={"formData": ("dashboard.zip", bundle_bytes(superset.shelf), "application/zip")},
            data={"passwords": json.dumps({"databases/coopzones.yaml": password} if password else {})},
        )
