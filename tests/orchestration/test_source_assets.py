"""Outside sources as Dagster shows them: an asset each with its freshness and schedule, and one summary."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.definitions.freshness import TimeWindowFreshnessPolicy

from ingestion.progress import SilentProgress
from ingestion.sources.answers import attempts
from orchestration.definitions import build_definitions
from orchestration.errors import SettingsError
from orchestration.home import Home
from orchestration.settings import SHANGHAI, Settings
from tests.ingestion.sources import fault_server as faults
from tests.ingestion.sources.fault_server import FaultServer, says

REGISTER = """
[[source]]
name = "{name}"
title_zh = "荣誉名录"
title_en = "Register of honours"
ledger = "honours"
schedule = "{schedule}"
fresh_within_days = {fresh}
may_fail_for_hours = 72
request.url = "{url}"
format.kind = "ledger_csv"
limits.attempts = 1
"""
HONOURS = b"uscc,tier,valid_from\nY1130100YL00200344,champion,2022-07-01\n"
SUMMARY = dg.AssetKey("outside_sources")
HOLD_THE_LOCK = """
import sys
from datetime import datetime
from pathlib import Path
from orchestration.run_lock import hold_run_lock
with hold_run_lock(Path(sys.argv[1]), datetime(2026, 6, 30, 2)):
    print("held", flush=True)
    sys.stdin.readline()
"""


def key(name: str) -> dg.AssetKey:
    return dg.AssetKey(["sources", name])


@pytest.fixture
def servers() -> Iterator[dict[str, FaultServer]]:
    with ExitStack() as stack:
        started = {name: stack.enter_context(faults.running()) for name in ("daily", "weekly")}
        for server in started.values():
            server.answer(says(HONOURS))
        yield started


Defined = Callable[[], dg.Definitions]


@pytest.fixture
def defined(servers: dict[str, FaultServer], home: Path, tmp_path: Path, empty_inbox: Path) -> Defined:
    """Give the definitions of two sources, over a home in which dbt is parsed."""
    path = tmp_path / "sources.toml"
    daily = REGISTER.format(name="daily", schedule="0 10 * * *", fresh="1", url=servers["daily"].url)
    weekly = REGISTER.format(name="weekly", schedule="30 1 * * 1", fresh="7.5", url=servers["weekly"].url)
    path.write_text(daily + weekly, encoding="utf-8")
    settings = Settings(home=home, inbox=str(empty_inbox), sources=path)
    resources = {"settings": settings, "progress": SilentProgress()}
    return lambda: build_definitions(resource_overrides=resources)


def run_of(
    definitions: dg.Definitions, selection: list[dg.AssetKey], instance: dg.DagsterInstance
) -> dg.ExecuteInProcessResult:
    """Run the step over the assets of ``selection`` alone."""
    job = definitions.resolve_job_def("__ASSET_JOB")
    return job.execute_in_process(instance=instance, asset_selection=selection)


def test_each_source_is_an_asset_that_is_expected_as_fresh_as_its_entry_says(defined: Defined) -> None:
    specs = {spec.key: spec for spec in defined().resolve_all_asset_specs()}
    windows = {}
    for name in ("daily", "weekly"):
        policy = specs[key(name)].freshness_policy
        assert isinstance(policy, TimeWindowFreshnessPolicy)
        windows[name] = policy.fail_window.to_timedelta()
    assert windows == {"daily": timedelta(days=1), "weekly": timedelta(days=7, hours=12)}
    assert {specs[key(name)].group_name for name in windows} == {specs[SUMMARY].group_name} == {"sources"}
    assert [dep.asset_key for dep in specs[dg.AssetKey("archived_files")].deps] == [SUMMARY]


def test_dagsters_daemon_looks_at_the_freshness_unless_it_is_told_not_to(home: Path) -> None:
    Home(home).prepare()
    with dg.DagsterInstance.from_config(str(Home(home).dagster)) as instance:
        assert instance.freshness_enabled


def test_each_source_has_a_schedule_of_its_own_that_fetches_and_nothing_else(defined: Defined) -> None:
    definitions = defined()
    schedules = {
        one.name: one for one in definitions.schedules or [] if isinstance(one, dg.ScheduleDefinition)
    }
    assert schedules["fetch_daily"].cron_schedule == "0 10 * * *"
    assert schedules["fetch_weekly"].cron_schedule == "30 1 * * 1"
    assert schedules["fetch_weekly"].execution_timezone == "Asia/Shanghai"
    job = definitions.resolve_job_def("fetch_weekly")
    assert job.asset_layer.executable_asset_keys == {key("weekly")}


def test_a_schedule_leaves_the_asking_to_a_run_that_is_in_progress(defined: Defined, home: Path) -> None:
    definitions = defined()
    schedule = definitions.resolve_schedule_def("fetch_daily")
    context = dg.build_schedule_context(
        resources={"settings": (definitions.resources or {})["settings"]},
        scheduled_execution_time=datetime(2026, 6, 30, 10, tzinfo=SHANGHAI),
    )
    assert len(schedule.evaluate_tick(context).run_requests or []) == 1
    command = [sys.executable, "-c", HOLD_THE_LOCK, str(home / "run.lock")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as night:  # noqa: S603
        assert night.stdout is not None
        assert night.stdout.readline() == "held\n"
        assert "A run is in progress" in (schedule.evaluate_tick(context).skip_message or "")
        night.communicate("\n")


def test_a_run_of_one_source_asks_it_whether_due_or_not_and_translates_nothing(
    defined: Defined, servers: dict[str, FaultServer], home: Path
) -> None:
    definitions = defined()
    with dg.DagsterInstance.ephemeral() as instance:
        for _ in range(2):
            job = definitions.resolve_job_def("fetch_daily")
            assert job.execute_in_process(instance=instance).success
        event = instance.get_latest_materialization_event(key("daily"))
    assert event is not None
    assert [request.path for request in servers["daily"].asked] == ["/figures"] * 2
    assert servers["weekly"].asked == []
    assert attempts(home)["outcome"].to_list() == ["changed", "unchanged"]
    assert not (home / "lake" / "translated").exists()


def test_a_run_that_only_fetches_is_known_by_the_lock_so_that_a_night_waits_for_it(
    defined: Defined, servers: dict[str, FaultServer], home: Path
) -> None:
    holders = []

    def look(handler: faults.Handler) -> None:
        holders.append(json.loads((home / "run.lock").read_text(encoding="utf-8"))["work"])
        says(HONOURS)(handler)

    for server in servers.values():
        server.answer(look)
    definitions = defined()
    with dg.DagsterInstance.ephemeral() as instance:
        assert definitions.resolve_job_def("fetch_daily").execute_in_process(instance=instance).success
        assert run_of(definitions, [key("daily"), key("weekly"), SUMMARY], instance).success
    assert holders == ["fetch", "night"]


def test_a_night_asks_what_is_due_and_goes_on_from_what_failed(
    defined: Defined, servers: dict[str, FaultServer]
) -> None:
    definitions = defined()
    servers["weekly"].answer(faults.a_page(403))
    selection = [key("daily"), key("weekly"), SUMMARY]
    with dg.DagsterInstance.ephemeral() as instance:
        first = run_of(definitions, selection, instance)
        assert instance.get_latest_materialization_event(key("daily")) is not None
        assert instance.get_latest_materialization_event(key("weekly")) is None
        again = run_of(definitions, selection, instance)
    assert first.success
    assert again.success
    assert len(servers["daily"].asked) == 1, "answered since its schedule came round: not due"
    assert len(servers["weekly"].asked) == 2, "failed: still due"
    [check] = [one for one in again.get_asset_check_evaluations() if not one.passed]
    assert (check.asset_key, check.severity) == (key("weekly"), dg.AssetCheckSeverity.WARN)
    assert "对方拒绝访问" in (check.description or "")
    assert "access was refused" in (check.description or "")
    brought = again.output_for_node("ask_outside_sources", "summary")
    assert brought.files["ledger"].to_list() == ["honours"]
    assert brought.tonight.failing(datetime(2999, 1, 1)) == ["weekly"]  # noqa: DTZ001 (Shanghai's wall clock)


def test_without_sources_the_step_makes_an_empty_summary_and_asks_nobody(
    home: Path, empty_inbox: Path
) -> None:
    settings = Settings(home=home, inbox=str(empty_inbox))
    definitions = build_definitions(resource_overrides={"settings": settings, "progress": SilentProgress()})
    with dg.DagsterInstance.ephemeral() as instance:
        result = run_of(definitions, [SUMMARY], instance)
    assert result.output_for_node("ask_outside_sources", "summary").files.is_empty()
    assert not (home / "archive").exists()


def test_a_file_of_sources_that_cannot_be_followed_is_a_wrong_setting(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "sources.toml"
    path.write_text('[[source]]\nname = "daily"\nurl = "https://figures.example"\n', encoding="utf-8")
    with pytest.raises(SettingsError, match=r"第 1 个来源（daily）[\s\S]*source 1 \(daily\)"):
        build_definitions(resource_overrides={"settings": Settings(home=home, sources=path)})
