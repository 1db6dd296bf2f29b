"""Nights with outside sources, whole: what they bring counts, what they fail at costs nothing.

Real servers on this machine, real Dagster and dbt; the clock alone is moved by hand.
"""

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from threading import Thread
from typing import Any

import dagster as dg
import duckdb
import polars as pl
import pytest

from ingestion.progress import SilentProgress
from ingestion.sample import SampleShape, write_sample_inbox
from ingestion.sample.answering import DEFAULT_PORT, SAMPLE_SOURCES, sample_server
from ingestion.sources.answers import attempts
from ingestion.sources.configuration import load_sources
from ingestion.sources.translation import forget, translate
from orchestration.home import Home
from orchestration.nightly_run import NightReport, run_night
from orchestration.open_night import open_night
from orchestration.settings import BUNDLED_SAMPLE, SHANGHAI, Settings
from tests.ingestion.sources import fault_server as faults
from tests.ingestion.sources.fault_server import Answer, FaultServer, Handler, says

pytestmark = pytest.mark.slow

SECRET = "s3cret-of-the-register"
SECRET_FORMS = (SECRET.encode(), b"czNjcmV0LW9mLXRoZS1yZWdpc3Rlc")
"""As it is, and as base64 carries it."""

HONOURS = b"uscc,tier,valid_from\nY1130100YL00200344,champion,20%02d-07-01\n"
"""A register; each source has a year of its own, for the same bytes are one file."""

FIRST = datetime(2026, 6, 30, 2, tzinfo=SHANGHAI)
SECOND = FIRST + timedelta(days=1)
A_WEEK_LATER = FIRST + timedelta(days=7)


@pytest.fixture(scope="module")
def small_inbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("small") / "inbox"
    write_sample_inbox(folder, SampleShape(zones=6, enterprises=6), SilentProgress())
    return folder


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)


Night = Callable[..., NightReport]


@pytest.fixture
def night(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Night:
    """Give a night over an inbox at a moment, with the file of sources in ``tmp_path``."""

    def spend(inbox: Path, at: datetime, *, as_of: datetime | None = None) -> NightReport:
        monkeypatch.setattr(Settings, "clock", lambda _settings: at)
        settings = Settings(home=home, inbox=str(inbox), as_of=as_of or at, sources=tmp_path / "sources.toml")
        with open_night(settings, SilentProgress()) as opened:
            return run_night(opened, SilentProgress())

    return spend


def ask(report: NightReport, query: str) -> list[tuple[Any, ...]]:
    """Give what a query says of the marts of a release."""
    with duckdb.connect(str(report.folder / "coopzones.duckdb"), read_only=True) as connection:
        return connection.execute(query).fetchall()


def register(name: str, url: str, **limits: object) -> str:
    """Give an entry of a register of honours, asked with a secret."""
    quick: dict[str, object] = {
        "attempts": 2,
        "first_wait_seconds": 0.01,
        "longest_wait_seconds": 0.02,
        "network_seconds": 0.5,
        "total_seconds": 4,
        "longest_retry_after_seconds": 0,
        "largest_bytes": 1 << 20,
    }
    stated = "\n".join(f"{key} = {value}" for key, value in (quick | limits).items())
    return f"""
[[source]]
name = "{name}"
title_zh = "名录 {name}"
title_en = "Register {name}"
ledger = "honours"
schedule = "0 1 * * *"
fresh_within_days = 1
may_fail_for_hours = 72
request.url = "{url}"
request.secrets = [
  {{ header = "Authorization", prefix = "Bearer ", value_from = "REGISTER_TOKEN" }},
  {{ parameter = "token", value_from = "REGISTER_TOKEN" }},
]
format.kind = "ledger_csv"
[source.limits]
{stated}
"""


def echoes(handler: Handler) -> None:
    """Refuse with a page that repeats all that was asked, the secret too."""
    page = f"<html>{handler.path} {handler.headers['Authorization']}</html>".encode()
    says(page, "text/html; charset=utf-8", 403)(handler)


def drops(handler: Handler) -> None:
    faults.reset(handler)


BAD_NIGHTS: dict[str, tuple[Answer, str]] = {
    "refuses_with_a_page": (echoes, "refused"),
    "answers_a_page": (faults.a_page(200), "wrong_media_type"),
    "asks_to_wait": (says(b"", None, 429, Retry_After="3600"), "rate_limited"),
    "breaks_down": (faults.a_page(500), "server_error"),
    "babbles": (says(b"\x00\x01\x02 what?" * 9, "text/csv"), "absent_column"),
    "breaks_off": (faults.cut_short(HONOURS % 0), "truncated"),
    "sends_a_gigabyte": (faults.a_gigabyte, "too_large"),
    "drips": (faults.an_endless_drip, "over_budget"),
    "sends_elsewhere": (faults.redirects("http://example.invalid/"), "redirect_refused"),
    "says_another_encoding": (says("uscc,tier,valid_from\n甲,乙,丙\n".encode("gb18030")), "wrong_encoding"),
    "hangs_up": (drops, "unreachable"),
}
"""What each source does on its bad night, and the case by which that is known."""


@pytest.fixture
def servers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, FaultServer]]:
    """Give a server a source, and a file of sources that asks them with a secret; all answer well."""
    monkeypatch.setenv("REGISTER_TOKEN", SECRET)
    with ExitStack() as stack:
        started = {name: stack.enter_context(faults.running()) for name in BAD_NIGHTS}
        for year, server in enumerate(started.values()):
            server.answer(says(HONOURS % year, ETag='"1"'))
        entries = [register(name, server.url) for name, server in started.items()]
        (tmp_path / "sources.toml").write_text("\n".join(entries), encoding="utf-8")
        yield started


def test_every_fault_leaves_the_night_green_with_the_old_vintage_a_finding_and_no_secret(
    night: Night,
    home: Path,
    small_inbox: Path,
    servers: dict[str, FaultServer],
    capfd: pytest.CaptureFixture[str],
) -> None:
    first = night(small_inbox, FIRST)
    assert failing(first) == {}
    brought = honours_from_outside(home)
    assert {path.split("/")[1] for path in brought} == set(BAD_NIGHTS)
    made = {name: materialized_by(home, name) for name in BAD_NIGHTS}
    assert set(made.values()) == {last_run(home)}

    for name, (answer, _) in BAD_NIGHTS.items():
        servers[name].answer(answer)
    second = night(small_inbox, SECOND)
    assert failing(second) == {name: case for name, (_, case) in BAD_NIGHTS.items()}
    assert honours_from_outside(home) == brought
    assert {name: materialized_by(home, name) for name in BAD_NIGHTS} == made
    assert checks_failed(home) == set(BAD_NIGHTS)
    assert alerts_about_sources(second) == []

    third = night(small_inbox, A_WEEK_LATER)
    assert ids_of_failing(third) == ids_of_failing(second), "a fault that stands is the same finding"
    assert alerts_about_sources(third) == [
        (f"source|{name}|{SECOND:%Y-%m-%d}", "000000") for name in sorted(BAD_NIGHTS)
    ]
    told = capfd.readouterr()
    assert SECRET not in told.out + told.err
    assert places_that_tell_the_secret(home) == []


def failing(report: NightReport) -> dict[str, str]:
    """Give the fault of each failing source, as M06 found it."""
    rows = ask(report, "select message_en, value from marts.quality_failures where rule_id = 'M06'")
    return {message.split(" (")[0].removeprefix("The source Register "): value for message, value in rows}


def ids_of_failing(report: NightReport) -> list[tuple[Any, ...]]:
    return ask(report, "select failure_id from marts.quality_failures where rule_id = 'M06' order by all")


def alerts_about_sources(report: NightReport) -> list[tuple[Any, ...]]:
    return ask(
        report,
        """
        select subject, schedule.authority_code from marts.alerts inner join marts.alert_schedule as schedule
        using (alert_key) where schedule.kind = 'quality' and subject like 'source|%' order by subject
        """,
    )


def honours_from_outside(home: Path) -> set[str]:
    """Give the files of outside sources whose rows the night sees."""
    files = pl.read_parquet(home / "night" / "ledgers" / "honours.parquet")["ledger_file"]
    return {path for path in files if path.startswith("sources/")}


def last_run(home: Path) -> str:
    with dg.DagsterInstance.from_config(str(Home(home).dagster)) as instance:
        return instance.get_runs(limit=1)[0].run_id


def materialized_by(home: Path, name: str) -> str:
    """Give the run that last materialized the asset of a source."""
    with dg.DagsterInstance.from_config(str(Home(home).dagster)) as instance:
        event = instance.get_latest_materialization_event(dg.AssetKey(["sources", name]))
        assert event is not None
        materialization = event.asset_materialization
        assert materialization is not None
        assert "last_success" in materialization.metadata
        return event.run_id


def checks_failed(home: Path) -> set[str]:
    """Give the sources whose check failed in the last run; each warns and says why in both languages."""
    with dg.DagsterInstance.from_config(str(Home(home).dagster)) as instance:
        run_id = instance.get_runs(limit=1)[0].run_id
        events = instance.all_logs(run_id, of_type=dg.DagsterEventType.ASSET_CHECK_EVALUATION)
    evaluations = [event.get_dagster_event().asset_check_evaluation_data for event in events]
    failed = [one for one in evaluations if one.check_name == "answered" and not one.passed]
    assert {one.severity for one in failed} == {dg.AssetCheckSeverity.WARN}
    assert all(" / " in (one.description or "") for one in failed)
    return {one.asset_key.path[-1] for one in failed}


def places_that_tell_the_secret(home: Path) -> list[str]:
    """Give the files below ``home`` in which the secret stands; Parquet is unpacked first."""

    def content(path: Path) -> bytes:
        if path.suffix == ".parquet":
            return json.dumps(pl.read_parquet(path).to_dicts(), default=str, ensure_ascii=False).encode()
        return path.read_bytes()

    files = [path for path in home.rglob("*") if path.is_file() and path.parent.parent.name != "sha256"]
    assert len(files) > 100
    return [str(path) for path in files if any(form in content(path) for form in SECRET_FORMS)]


@pytest.fixture
def sample_sources(tmp_path: Path) -> Iterator[Path]:
    """Give the bundled file of sources, asking a server that runs on a port of its own."""
    with sample_server() as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        path = tmp_path / "sources.toml"
        text = SAMPLE_SOURCES.read_text(encoding="utf-8")
        path.write_text(text.replace(f":{DEFAULT_PORT}/", f":{server.server_address[1]}/"), encoding="utf-8")
        yield path
        server.shutdown()
        thread.join()


CRITERION = """
select result from marts.eligibility_criteria
where zone_id = '{}' and submission_type = 'annual_report' and report_year = {} and criterion_id = '{}'
"""


def test_what_the_samples_sources_bring_counts_and_the_next_night_is_told_that_nothing_has_changed(
    night: Night, home: Path, sample_sources: Path
) -> None:
    first = night(BUNDLED_SAMPLE, FIRST)
    rules = {rule for (rule,) in ask(first, "select distinct rule_id from marts.quality_failures")}
    assert not rules & {"M01", "M02", "M03", "M06", "M07"}, "the sources bring what the inbox lacks"
    assert ask(first, CRITERION.format("HZ50010201", 2025, "O02b")) == [("met",)]
    assert ask(first, CRITERION.format("HZ13010001", 2025, "O02a")) == [("met",)]
    assert_named_in_the_manifest(first, home, sample_sources)

    brought = translate(load_sources(sample_sources), home, SilentProgress()).files
    second = night(BUNDLED_SAMPLE, SECOND)
    tonight = attempts(home).filter(pl.col("attempted_at") == SECOND.replace(tzinfo=None))
    assert tonight.height == 14
    assert set(tonight["status"]) == {304}
    assert second.night.summary.newly_judged == 0
    forget(home)
    assert translate(load_sources(sample_sources), home, SilentProgress()).files.equals(brought)


def assert_named_in_the_manifest(report: NightReport, home: Path, sources: Path) -> None:
    """Raise unless the manifest names each translated file and each raw answer by bytes of the archive."""
    text = (report.folder / "manifest.json").read_text(encoding="utf-8")
    assert "http://" not in text
    outside = [entry for entry in json.loads(text)["inputs"] if entry["path"].startswith("sources/")]
    by_kind = {
        kind: [one["path"].split("/")[1] for one in outside if one["kind"] == kind]
        for kind in ("ledger", "answer")
    }
    names = {source.name for source in load_sources(sources).entries}
    assert set(by_kind["ledger"]) == set(by_kind["answer"]) == names
    assert by_kind["answer"].count("fdi_south_west") == 6
    for entry in outside:
        assert (home / "archive" / "sha256" / entry["sha256"][:2] / entry["sha256"]).exists()


HEBEI = """
[[source]]
name = "fdi_hebei"
title_zh = "河北外资"
title_en = "Hebei FDI"
ledger = "provincial_statistics"
schedule = "0 1 * * *"
fresh_within_days = 1
may_fail_for_hours = 72
request.url = "{url}"
format.kind = "json_table"
format.columns = {{ region = "region", year = "year", value = "value", published_on = "published_on" }}
[source.mapping]
region_code = "region"
year = "year"
indicator.constant = "fdi_usd"
value = "value"
unit.constant = "万美元"
published_on = "published_on"
"""


def figures(*rows: tuple[int, str, str]) -> Answer:
    told = [
        {"region": "河北省", "year": str(year), "value": value, "published_on": day}
        for year, value, day in rows
    ]
    return says(json.dumps(told).encode(), "application/json")


def retracted(report: NightReport) -> list[tuple[Any, ...]]:
    return ask(report, "select field, value from marts.quality_failures where rule_id = 'M07'")


def test_a_missing_statistic_is_m02_its_delivery_judges_and_a_revision_flips_the_criterion_from_then_on(
    night: Night, small_inbox: Path, tmp_path: Path
) -> None:
    inbox = Path(shutil.copytree(small_inbox, tmp_path / "inbox"))
    for path in (inbox / "statistics").iterdir():
        kept = [line for line in path.read_bytes().splitlines() if b"130000,2025,fdi_usd" not in line]
        path.write_bytes(b"\n".join(kept) + b"\n")
    criterion = CRITERION.format("HZ13010001", 2025, "O02a")
    missing = "select count(*) from marts.quality_failures where rule_id = 'M02' and report_year = 2025"
    of_2024 = (2024, "1777000", "2025-02-26")
    third = SECOND + timedelta(days=1)
    with faults.running() as server:
        (tmp_path / "sources.toml").write_text(HEBEI.format(url=server.url), encoding="utf-8")
        server.answer(figures(of_2024))
        report = night(inbox, FIRST)
        assert (ask(report, criterion), ask(report, missing)) == ([("unknown",)], [(1,)])
        server.answer(figures(of_2024, (2025, "1848960", "2026-06-30")))
        report = night(inbox, SECOND)
        assert (ask(report, criterion), ask(report, missing)) == ([("not_met",)], [(0,)])
        assert retracted(report) == []
        server.answer(figures((2025, "1756512", "2026-07-01")))
        report = night(inbox, third)
        assert ask(report, criterion) == [("met",)]
        assert retracted(report) == [("value", "1777000")], (
            "2024 is not in the answer any more: told, and kept"
        )
        report = night(inbox, third + timedelta(hours=1), as_of=SECOND + timedelta(hours=1))
        assert ask(report, criterion) == [("not_met",)], "the earlier moment knows what was known then"
        report = night(inbox, third + timedelta(hours=2), as_of=FIRST + timedelta(hours=1))
        assert (ask(report, criterion), ask(report, missing)) == ([("unknown",)], [(1,)])
