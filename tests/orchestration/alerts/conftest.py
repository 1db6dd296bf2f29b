"""An office: a home with releases, a receiver of messages, and Dagster's part in launching runs."""

import threading
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import dagster as dg
import polars as pl
import pytest
from dagster import DagsterRunStatus

from orchestration.alert_delivery import deliver_alerts
from orchestration.alert_sensors import build_alert_sensor
from orchestration.sensors import RUN_KEY_TAG
from orchestration.settings import SHANGHAI, Settings
from publication.alerting.outbox import Outbox
from publication.alerting.raising import SCHEDULE
from publication.manifest import Manifest, write_manifest
from publication.release_folders import held, point_current

KINDS = ("missing_report", "report_due", "quality")
AS_OF = "2027-04-01T02:00:00+08:00"
SECRET = "what the receiver knows"


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


def missing(key: str, **columns: Any) -> dict[str, Any]:
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


@pytest.fixture
def stage() -> Callable[..., dict[str, Any]]:
    """Give a maker of rows of the schedule."""
    return missing


class Office:
    """A home with releases, the sensor ``missing_reports`` over it, and Dagster's part in launching runs."""

    secret = SECRET

    def __init__(self, home: Path, instance: dg.DagsterInstance, clock: Clock) -> None:
        self.home, self.instance, self.clock = home, instance, clock
        self.settings = Settings(home=home, inbox="/srv/inbox", as_of=AS_OF)  # type: ignore[arg-type]
        self.cursor: str | None = None

    def release(self, number: int, *rows: dict[str, Any], as_of: str = AS_OF) -> Path:
        """Make ``current`` name a release with a schedule of ``rows``."""
        with held(self.home) as releases:
            folder = releases / str(number)
            (folder / SCHEDULE).parent.mkdir(parents=True)
            schema = pl.DataFrame([missing("k")]).schema | {"lapses_on": pl.Date}
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

    def wait_until_due(self) -> None:
        """Wait until what failed may be tried again, as an office waits for its next run."""
        with Outbox.open(self.home) as outbox:
            due_at = outbox.next_attempt_at()
        assert due_at is not None
        time.sleep(max(0.0, (due_at - datetime.now(UTC)).total_seconds()))

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
