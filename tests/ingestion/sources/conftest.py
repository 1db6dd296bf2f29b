"""Sources as their file says them, a clock that is moved by hand, and what nothing may tell."""

import logging
import ssl
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import polars as pl
import pytest
import trustme

from ingestion.sources.answers import Answer, Attempt, answers, attempts
from ingestion.sources.configuration import Source, load_sources
from ingestion.sources.fetching import fetch_all
from tests.ingestion.sources.fault_server import FaultServer, running

SECRET = "s3cret/of+the=source"

SECRET_FORMS = (SECRET, quote(SECRET, safe=""), quote(SECRET))

KEYED = """
secrets = [
  { header = "X-Key", value_from = "SOURCE_KEY" },
  { parameter = "k", value_from = "SOURCE_KEY" },
]
"""

QUICK = """
total_seconds = 5
network_seconds = 0.3
attempts = 3
first_wait_seconds = 0.001
wait_factor = 2
longest_wait_seconds = 0.005
longest_retry_after_seconds = 0
"""
"""Limits that let a test wait for the outside."""


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


def source_text(url: str, name: str = "exports", request: str = "", limits: str = "", form: str = "") -> str:
    """Give an entry of the file of sources: a register as CSV unless told otherwise."""
    stated = dict(line.split(" = ", 1) for line in (QUICK + limits).strip().splitlines())
    quick = "\n".join(f"{key} = {value}" for key, value in stated.items())
    return f"""
[[source]]
name = "{name}"
title_zh = "各省出口额"
title_en = "Exports by province"
ledger = "honours"
schedule = "0 1 * * *"
fresh_within_days = 1
may_fail_for_hours = 72
[source.request]
url = "{url}"
{request}
[source.limits]
{quick}
[source.format]
{form or 'kind = "ledger_csv"'}
"""


@pytest.fixture
def load(tmp_path: Path) -> Callable[..., tuple[Source, ...]]:
    """Give a reader of the text of a file of sources, the secret in the variable SOURCE_KEY."""

    def read(*texts: str) -> tuple[Source, ...]:
        path = tmp_path / "sources.toml"
        path.write_text("\n".join(texts), encoding="utf-8")
        return load_sources(path, {"SOURCE_KEY": SECRET}).entries

    return read


class Listener:
    """Keeps the notes."""

    def __init__(self) -> None:
        self.notes: list[str] = []

    def step(self, name: str, total: int | None = None) -> None:
        """Keep the name of the step."""
        self.notes.append(f"{name} {total}")

    def advance(self, count: int = 1) -> None:
        """Pass over it."""

    def note(self, text: str) -> None:
        """Keep the line."""
        self.notes.append(text)


def check(source: Source, answer: Answer, body: bytes) -> None:
    """Read the body as the source's format does."""
    source.format.read(body, answer)


@dataclass
class Nights:
    """Night after night, an hour apart, in one home; after each it is looked for the secret everywhere."""

    home: Path
    log: pytest.LogCaptureFixture
    at: datetime = datetime(2026, 3, 1, 1)  # noqa: DTZ001 (Shanghai's wall clock)
    told: list[str] = field(default_factory=list)

    def fetch(
        self, *sources: Source, years: Sequence[int] | None = None, **options: Any
    ) -> tuple[Attempt, ...]:
        """Fetch ``sources`` and give the attempts."""
        listener = Listener()
        options = {"check": check, "now": lambda: self.at} | options
        made = fetch_all(sources, self.home, progress=listener, years=years, **options)
        self.at += timedelta(hours=1)
        self.told += [self.log.text, *listener.notes, repr(made), str(self.journal.to_dicts())]
        assert all(form not in told for told in self.told for form in SECRET_FORMS)
        return made

    @property
    def journal(self) -> pl.DataFrame:
        """The journal of attempts."""
        return attempts(self.home)

    def answers(self, name: str = "exports") -> tuple[Answer, ...]:
        """Give the answers that count."""
        return answers(self.home, name)

    def body(self, answer: Answer) -> bytes:
        """Give the archived bytes of ``answer``."""
        return (self.home / "archive" / "sha256" / answer.sha256[:2] / answer.sha256).read_bytes()


@pytest.fixture
def nights(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> Nights:
    caplog.set_level(logging.DEBUG)
    return Nights(tmp_path / "home", caplog)


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with running() as started:
        yield started


@pytest.fixture
def elsewhere() -> Iterator[FaultServer]:
    """Give another server; it is on the same machine, but ``localhost`` is another name."""
    with running() as started:
        started.url = started.url.replace("127.0.0.1", "localhost")
        yield started


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> tuple[trustme.CA, Path]:
    """Give an authority for certificates that nobody trusts by themselves, and the file that says to."""
    made = trustme.CA()
    path = tmp_path_factory.mktemp("authority") / "authority.pem"
    made.cert_pem.write_to_path(str(path))
    return made, path


@pytest.fixture
def secure_server(authority: tuple[trustme.CA, Path]) -> Iterator[FaultServer]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority[0].issue_cert("127.0.0.1").configure_cert(context)
    with running(context) as started:
        yield started
