"""The alert sensors on a real instance: what they ask for, when their cursor moves, and never the same twice.

The runs that they ask for are carried out, with a real receiver on this machine.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
from dagster import DagsterRunStatus

from orchestration.alert_sensors import alert_sensors
from orchestration.errors import SettingsError
from orchestration.settings import Settings
from publication.alerting.outbox import Outbox
from publication.alerting.raising import SCHEDULE

HOLD = """
import sys, time
from pathlib import Path
from orchestration.run_lock import share_lock
with share_lock(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""

Stage = Callable[..., dict[str, Any]]


def test_there_is_a_sensor_for_each_kind_and_they_run_from_the_start() -> None:
    assert {sensor.name for sensor in alert_sensors} == {
        "missing_reports",
        "expiring_designations",
        "change_filing_deadlines",
        "revocation_grounds",
    }
    assert {sensor.default_status for sensor in alert_sensors} == {dg.DefaultSensorStatus.RUNNING}
    assert {sensor.job_name for sensor in alert_sensors} == {"deliver_alerts"}


def test_without_a_release_nothing_is_asked_for(office: Any) -> None:
    assert office.skipped() == "尚无发布 / no release yet."


def test_a_new_alert_is_raised_and_asks_for_a_delivery_and_the_cursor_settles_nothing_yet(
    office: Any,
    stage: Stage,
) -> None:
    office.release(1, stage("a"))
    request = office.asked()
    assert office.raised() == {"a"}
    assert request.run_key == "missing_reports/1/2027-04-01/1"
    assert '"settled": null' in str(office.cursor)


def test_the_cursor_moves_when_the_run_succeeded_and_the_same_is_never_asked_again(
    office: Any, stage: Stage, receiver: Any
) -> None:
    office.notify(receiver)
    office.release(1, stage("a"))
    assert office.launch(office.asked()).success
    assert "has been dealt with" in office.skipped()
    assert '"settled": [1, "2027-04-01"]' in str(office.cursor)
    assert (office.delivered(), len(receiver.keys)) == (["a"], 1)


def test_a_tick_on_what_is_settled_does_not_even_read_the_schedule(
    office: Any, stage: Stage, receiver: Any
) -> None:
    office.notify(receiver)
    folder = office.release(1, stage("a"))
    office.launch(office.asked())
    office.skipped()
    (folder / SCHEDULE).write_bytes(b"no schedule")
    assert "has been dealt with" in office.skipped()


def test_with_no_notifier_the_run_succeeds_and_the_alert_is_kept(office: Any, stage: Stage) -> None:
    office.release(1, stage("a"))
    assert office.launch(office.asked()).success
    assert "has been dealt with" in office.skipped()
    with Outbox.open(office.home) as outbox:
        [raised] = outbox.alerts()
    assert raised.unaddressed == {"authority:210200"}


def test_where_there_is_nothing_to_tell_the_place_is_settled_without_a_run(office: Any, stage: Stage) -> None:
    office.release(1, stage("a", raises_on=date(2027, 4, 2)))
    assert "nothing new to tell" in office.skipped()
    assert "has been dealt with" in office.skipped()


def test_the_next_day_is_looked_at_again(office: Any, stage: Stage) -> None:
    office.release(1, stage("a", raises_on=date(2027, 4, 2), needs_release_of_the_day=False))
    office.skipped()
    office.at("2027-04-02T00:00:00+08:00")
    assert office.asked().run_key == "missing_reports/1/2027-04-02/1"


def test_a_new_release_is_looked_at_and_tells_only_what_is_new(
    office: Any, stage: Stage, receiver: Any
) -> None:
    office.notify(receiver)
    office.release(1, stage("a"))
    office.launch(office.asked())
    office.release(2, stage("a"), stage("b"))
    assert office.launch(office.asked()).success
    assert office.delivered() == ["a", "b"]
    office.release(3, stage("a"), stage("b"))
    assert "nothing new to tell" in office.skipped()


def test_kinds_of_other_sensors_are_left_to_them(office: Any, stage: Stage) -> None:
    office.release(1, stage("a", kind="change_filing"))
    assert "nothing new to tell" in office.skipped()
    assert office.raised() == frozenset()


def test_a_failed_run_is_asked_for_again_by_a_new_key_once_something_may_be_tried(
    office: Any, stage: Stage, receiver: Any
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
    office: Any, stage: Stage, receiver: Any
) -> None:
    office.notify(receiver)
    office.release(1, stage("a"))
    receiver.status = 500
    result = office.launch(office.asked())
    told = " ".join(str(event) for event in result.all_events)
    assert "hook" in told
    assert "500" in told
    assert office.secret not in told


def test_what_is_new_is_asked_for_although_something_older_is_still_undelivered(
    office: Any, stage: Stage, receiver: Any
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
def test_a_run_in_progress_is_not_asked_for_again(
    office: Any, stage: Stage, status: DagsterRunStatus
) -> None:
    office.release(1, stage("a"))
    office.store(office.asked(), status)
    assert "a delivery is in progress" in office.skipped()


def test_a_run_whose_process_died_is_marked_as_failed_and_asked_for_again(office: Any, stage: Stage) -> None:
    office.release(1, stage("a"))
    dead = office.store(office.asked(), DagsterRunStatus.STARTED)
    office.clock.ahead = timedelta(minutes=6)
    assert office.asked().run_key == "missing_reports/1/2027-04-01/2"
    run = office.instance.get_run_by_id(dead.run_id)
    assert run is not None
    assert run.status is DagsterRunStatus.FAILURE


def test_a_long_delivery_that_is_alive_is_left_alone(office: Any, stage: Stage) -> None:
    office.release(1, stage("a"))
    office.store(office.asked(), DagsterRunStatus.STARTED)
    office.clock.ahead = timedelta(hours=2)
    with somebody_delivers(office.home / "outbox" / "delivery.lock"):
        assert "a delivery is in progress" in office.skipped()


def test_a_request_that_dagster_never_launched_is_made_again(office: Any, stage: Stage) -> None:
    office.release(1, stage("a"))
    office.asked()
    assert office.asked().run_key == "missing_reports/1/2027-04-01/1"


def test_a_lost_cursor_never_makes_a_key_that_a_run_has_had(office: Any, stage: Stage, receiver: Any) -> None:
    office.notify(receiver)
    office.release(1, stage("a"))
    receiver.status = 500
    office.launch(office.asked())
    office.cursor = None
    office.clock.ahead = timedelta(seconds=5)
    assert office.asked().run_key == "missing_reports/1/2027-04-01/2"


def test_a_release_that_looks_ahead_tells_nothing(office: Any, stage: Stage) -> None:
    office.release(1, stage("a"), as_of="2030-01-15T00:00:00+08:00")
    assert "looks ahead, to 2030-01-15" in office.skipped()
    assert office.raised() == frozenset()


def test_a_release_without_a_schedule_waits_for_the_next_night(office: Any, stage: Stage) -> None:
    folder = office.release(1, stage("a"))
    (folder / SCHEDULE).unlink()
    assert "run a night" in office.skipped()


def test_the_sample_is_no_moment_for_the_release_of_another_inbox(office: Any, stage: Stage) -> None:
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
