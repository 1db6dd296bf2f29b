"""The alert sensors on a real instance: what they ask for, when their cursor moves, and never the same twice.

The runs that they ask for are carried out, with a real receiver on this machine.
"""

import os
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import dagster as dg
import polars as pl
import pytest
from dagster import DagsterRunStatus

from orchestration.alert_delivery import deliver_alerts
from orchestration.alert_sensors import alert_sensors, build_alert_sensor
from orchestration.errors import SettingsError
from orchestration.sensors import RUN_KEY_TAG
from orchestration.settings import SHANGHAI, Settings
from publication.alerting.outbox import Outbox
from publication.alerting.raising import SCHEDULE
from publication.manifest import Manifest, write_manifest
from publication.release_folders import held, point_current

KINDS = ("missing_report", "report_due", "quality")
AS_OF = "2027-04-01T02:00:00+08:00"
SECRET = "what the receiver knows"  # noqa: S105 (invented)
HOLD = """
import sys, time
from pathlib import Path
from orchestration.run_lock import share_lock
with share_lock(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


class Clock:
    """The clock of this machine, moved on."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        """Give the moment."""
        return datetime.now(SHANGHAI) + self.ahead


class Receiver:
    """A web server on this machine that answers with ``status``."""

    def __init__(self) -> None:
        self.status = 200
        self.keys: list[str] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                receiver.keys.append(self.headers["Idempotency-Key"])
                self.send_response(receiver.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (the library's name)
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as instance:
        yield instance


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    yield receiver
    receiver.server.shutdown()
    receiver.server.server_close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


def stage(key: str, **columns: Any) -> dict[str, Any]:
    """Give a row of the schedule: missing since 1 April 2027."""
    return {
        "alert_key": key,
        "kind": "missing_report",
        "stage": "T+1",
        "subject": key,
        "zone_id": "HZ21020001",
        "authority_code": "210200",
        "audiences": "authority",
        "due_on": date(2027, 3, 31),
        "raises_on": date(2027, 4, 1),
        "lapses_on": None,
        "needs_release_of_the_day": True,
        "message_zh": "未报送",
        "message_en": "missing",
    } | columns


class Office:
    """A home with releases, the sensor ``missing_reports`` over it, and Dagster's part in launching runs."""

    def __init__(self, home: Path, instance: dg.DagsterInstance, clock: Clock) -> None:
        self.home, self.instance, self.clock = home, instance, clock
        self.settings = Settings(home=home, inbox="/srv/inbox", as_of=AS_OF)  # type: ignore[arg-type]
        self.cursor: str | None = None

    def release(self, number: int, *rows: dict[str, Any], as_of: str = AS_OF) -> Path:
        """Make ``current`` name a release with a schedule of ``rows``."""
        with held(self.home) as releases:
            folder = releases / str(number)
            (folder / SCHEDULE).parent.mkdir(parents=True)
            schema = pl.DataFrame([stage("k")]).schema | {"lapses_on": pl.Date}
            pl.DataFrame(list(rows), schema=schema).write_parquet(folder / SCHEDULE)
            facts: dict[str, Any] = dict.fromkeys(("code_version", "rules_version"), "1")
            facts |= dict.fromkeys(("as_of", "started_at", "finished_at"), as_of) | {"replaces": None}
            facts |= {"release_id": number, "parameters": {}, "inputs": [], "row_counts": {}, "files": []}
            write_manifest(Manifest(**facts), folder)
            point_current(releases, number)
        return folder

    def at(self, as_of: str) -> None:
        """Let the moment of evaluation be ``as_of``."""
        self.settings = self.settings.model_copy(update={"as_of": datetime.fromisoformat(as_of)})

    def notify(self, receiver: Receiver, *, retry_seconds: float = 1) -> None:
        """Switch a webhook on for every authority; what failed is tried again after ``retry_seconds``."""
        path = self.home / "notifiers.toml"
        port = receiver.server.server_address[1]
        path.write_text(
            f'[[notifier]]\nname = "hook"\nchannel = "webhook"\naudience = ["authority:*"]\n'
            f'url = "http://127.0.0.1:{port}"\nsigning_secret_from = "COOPZONES_HOOK_SECRET"\n'
            f"[delivery]\nfirst_retry_seconds = {retry_seconds}\njitter_share = 0\n",
            encoding="utf-8",
        )
        self.settings = self.settings.model_copy(update={"notifiers": path})

    def tick(self) -> dg.SensorResult:
        """Evaluate the sensor once and keep its cursor, as the daemon does."""
        context = dg.build_sensor_context(
            instance=self.instance, cursor=self.cursor, resources={"settings": self.settings}
        )
        result = build_alert_sensor("missing_reports", KINDS, clock=self.clock)(context)
        assert isinstance(result, dg.SensorResult)
        self.cursor = result.cursor
        return result

    def asked(self) -> dg.RunRequest:
        """Evaluate the sensor and give the one request that it makes."""
        result = self.tick()
        assert result.run_requests, result.skip_reason
        [request] = result.run_requests
        return request

    def skipped(self) -> str:
        """Evaluate the sensor and give the reason why it asks for nothing."""
        result = self.tick()
        assert not result.run_requests
        assert result.skip_reason is not None
        return str(result.skip_reason.skip_message)

    def launch(self, request: dg.RunRequest) -> dg.ExecuteInProcessResult:
        """Carry out the run that was asked for."""
        return deliver_alerts.execute_in_process(
            instance=self.instance,
            resources={"settings": self.settings},
            tags={**request.tags, RUN_KEY_TAG: str(request.run_key)},
            raise_on_error=False,
        )

    def store(self, request: dg.RunRequest, status: DagsterRunStatus) -> dg.DagsterRun:
        """Store the run that was asked for as one that got no further than ``status``."""
        tags = {**request.tags, RUN_KEY_TAG: str(request.run_key)}
        run = dg.DagsterRun(job_name=deliver_alerts.name, run_id=str(uuid.uuid4()), status=status, tags=tags)
        self.instance.add_run(run)
        return run

    def delivered(self) -> list[str]:
        """Give the keys of the alerts that somebody got, a time each."""
        with Outbox.open(self.home) as outbox:
            return sorted(
                key for message in outbox.messages() if message.delivered_at for key in message.alert_keys
            )

    def raised(self) -> frozenset[str]:
        """Give the keys of the alerts that were raised."""
        with Outbox.open(self.home) as outbox:
            return outbox.raised_keys()


@pytest.fixture
def office(
    tmp_path: Path, instance: dg.DagsterInstance, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> Office:
    monkeypatch.setenv("COOPZONES_HOOK_SECRET", SECRET)
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    home = tmp_path / "home"
    home.mkdir()
    return Office(home, instance, clock)


def test_there_is_a_sensor_for_each_kind_and_they_run_from_the_start() -> None:
    assert {sensor.name for sensor in alert_sensors} == {
        "missing_reports",
        "expiring_designations",
        "change_filing_deadlines",
        "revocation_grounds",
    }
    assert {sensor.default_status for sensor in alert_sensors} == {dg.DefaultSensorStatus.RUNNING}
    assert {sensor.job_name for sensor in alert_sensors} == {"deliver_alerts"}


def test_without_a_release_nothing_is_asked_for(office: Office) -> None:
    assert office.skipped() == "尚无发布 / no release yet."


def test_a_new_alert_is_raised_and_asks_for_a_delivery_and_the_cursor_settles_nothing_yet(
    office: Office,
) -> None:
    office.release(1, stage("a"))
    request = office.asked()
    assert office.raised() == {"a"}
    assert request.run_key == "missing_reports/1/2027-04-01/1"
    assert '"settled": null' in str(office.cursor)


def test_the_cursor_moves_when_the_run_succeeded_and_the_same_is_never_asked_again(
    office: Office, receiver: Receiver
) -> None:
    office.notify(receiver)
    office.release(1, stage("a"))
    assert office.launch(office.asked()).success
    assert "has been dealt with" in office.skipped()
    assert '"settled": [1, "2027-04-01"]' in str(office.cursor)
    assert (office.delivered(), len(receiver.keys)) == (["a"], 1)


def test_a_tick_on_what_is_settled_does_not_even_read_the_schedule(
    office: Office, receiver: Receiver
) -> None:
    office.notify(receiver)
    folder = office.release(1, stage("a"))
    office.launch(office.asked())
    office.skipped()
    (folder / SCHEDULE).write_bytes(b"no schedule")
    assert "has been dealt with" in office.skipped()


def test_with_no_notifier_the_run_succeeds_and_the_alert_is_kept(office: Office) -> None:
    office.release(1, stage("a"))
    assert office.launch(office.asked()).success
    assert "has been dealt with" in office.skipped()
    with Outbox.open(office.home) as outbox:
        [raised] = outbox.alerts()
    assert raised.unaddressed == {"authority:210200"}


def test_where_there_is_nothing_to_tell_the_place_is_settled_without_a_run(office: Office) -> None:
    office.release(1, stage("a", raises_on=date(2027, 4, 2)))
    assert "nothing new to tell" in office.skipped()
    assert "has been dealt with" in office.skipped()


def test_the_next_day_is_looked_at_again(office: Office) -> None:
    office.release(1, stage("a", raises_on=date(2027, 4, 2), needs_release_of_the_day=False))
    office.skipped()
    office.at("2027-04-02T00:00:00+08:00")
    assert office.asked().run_key == "missing_reports/1/2027-04-02/1"


def test_a_new_release_is_looked_at_and_tells_only_what_is_new(office: Office, receiver: Receiver) -> None:
    office.notify(receiver)
    office.release(1, stage("a"))
    office.launch(office.asked())
    office.release(2, stage("a"), stage("b"))
    assert office.launch(office.asked()).success
    assert office.delivered() == ["a", "b"]
    office.release(3, stage("a"), stage("b"))
    assert "nothing new to tell" in office.skipped()


def test_kinds_of_other_sensors_are_left_to_them(office: Office) -> None:
    office.release(1, stage("a", kind="change_filing"))
    assert "nothing new to tell" in office.skipped()
    assert office.raised() == frozenset()


def test_a_failed_run_is_asked_for_again_by_a_new_key_once_something_may_be_tried(
    office: Office, receiver: Receiver
) -> None:
    office.notify(receiver)
    office.release(1, stage("a"))
    receiver.status = 500
    failed = office.launch(office.asked())
    assert not failed.success
    assert "undelivered, tried again at" in office.skipped()
    assert '"settled": null' in str(office.cursor)

    time.sleep(1.1)
    receiver.status = 200
    again = office.asked()
    assert again.run_key == "missing_reports/1/2027-04-01/2"
    assert office.launch(again).success
    assert "has been dealt with" in office.skipped()
    assert office.delivered() == ["a"]
    assert len(set(receiver.keys)) == 1, "the receiver sees one message, tried twice"


def test_a_failed_run_says_who_was_not_reached_and_holds_no_secret(
    office: Office, receiver: Receiver
) -> None:
    office.notify(receiver)
    office.release(1, stage("a"))
    receiver.status = 500
    result = office.launch(office.asked())
    told = " ".join(str(event) for event in result.all_events)
    assert "hook" in told
    assert "500" in told
    assert SECRET not in told


def test_what_is_new_is_asked_for_although_something_older_is_still_undelivered(
    office: Office, receiver: Receiver
) -> None:
    office.notify(receiver, retry_seconds=600)
    office.release(1, stage("a"))
    receiver.status = 500
    office.launch(office.asked())
    assert "undelivered" in office.skipped()
    office.release(2, stage("a"), stage("b"))
    assert office.asked().run_key == "missing_reports/2/2027-04-01/1"


@pytest.mark.parametrize(
    "status", [DagsterRunStatus.NOT_STARTED, DagsterRunStatus.STARTING, DagsterRunStatus.STARTED]
)
def test_a_run_in_progress_is_not_asked_for_again(office: Office, status: DagsterRunStatus) -> None:
    office.release(1, stage("a"))
    office.store(office.asked(), status)
    assert "a delivery is in progress" in office.skipped()


def test_a_run_whose_process_died_is_marked_as_failed_and_asked_for_again(office: Office) -> None:
    office.release(1, stage("a"))
    dead = office.store(office.asked(), DagsterRunStatus.STARTED)
    office.clock.ahead = timedelta(minutes=6)
    assert office.asked().run_key == "missing_reports/1/2027-04-01/2"
    run = office.instance.get_run_by_id(dead.run_id)
    assert run is not None
    assert run.status is DagsterRunStatus.FAILURE


def test_a_long_delivery_that_is_alive_is_left_alone(office: Office) -> None:
    office.release(1, stage("a"))
    office.store(office.asked(), DagsterRunStatus.STARTED)
    office.clock.ahead = timedelta(hours=2)
    with somebody_delivers(office.home / "outbox" / "delivery.lock"):
        assert "a delivery is in progress" in office.skipped()


def test_a_request_that_dagster_never_launched_is_made_again(office: Office) -> None:
    office.release(1, stage("a"))
    office.asked()
    assert office.asked().run_key == "missing_reports/1/2027-04-01/1"


def test_a_lost_cursor_never_makes_a_key_that_a_run_has_had(office: Office, receiver: Receiver) -> None:
    office.notify(receiver)
    office.release(1, stage("a"))
    receiver.status = 500
    office.launch(office.asked())
    office.cursor = None
    office.clock.ahead = timedelta(seconds=5)
    assert office.asked().run_key == "missing_reports/1/2027-04-01/2"


def test_a_release_that_looks_ahead_tells_nothing(office: Office) -> None:
    office.release(1, stage("a"), as_of="2030-01-15T00:00:00+08:00")
    assert "looks ahead, to 2030-01-15" in office.skipped()
    assert office.raised() == frozenset()


def test_a_release_without_a_schedule_waits_for_the_next_night(office: Office) -> None:
    folder = office.release(1, stage("a"))
    (folder / SCHEDULE).unlink()
    assert "run a night" in office.skipped()


def test_the_sample_is_no_moment_for_the_release_of_another_inbox(office: Office) -> None:
    office.release(1, stage("a"))
    (office.home / "inbox.txt").write_text("/srv/inbox", encoding="utf-8")
    office.settings = Settings(home=office.home)
    with pytest.raises(SettingsError, match="COOPZONES_INBOX"):
        office.tick()


@contextmanager
def somebody_delivers(lock: Path) -> Iterator[None]:
    """Hold the lock of deliveries in another process."""
    command = [sys.executable, "-c", HOLD, str(lock)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True) as holder:  # noqa: S603
        try:
            assert holder.stdout is not None
            assert holder.stdout.readline() == "held\n"
            yield
        finally:
            os.killpg(holder.pid, signal.SIGKILL)
