"""The inbox sensor: asks once for what is new; its cursor moves only when a run of it succeeded."""

import os
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
from dagster import DagsterRunStatus

from ingestion.places.limits import InboxLimits
from orchestration.inbox_listing import LISTING_TAG
from orchestration.sensors import RUN_KEY_TAG, inbox_sensor
from orchestration.settings import Settings


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as instance:
        yield instance


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    (folder / "submissions").mkdir(parents=True)
    return folder


Tick = Callable[..., dg.SensorResult | dg.SkipReason]


@pytest.fixture
def tick(instance: dg.DagsterInstance, inbox: Path, tmp_path: Path) -> Tick:
    """Evaluate the sensor once, from a cursor."""

    def evaluate(cursor: str | None = None) -> Any:
        context = dg.build_sensor_context(
            instance=instance,
            cursor=cursor,
            resources={"settings": Settings(inbox=str(inbox), home=tmp_path / "home")},
        )
        return inbox_sensor(context)

    return evaluate


def arrive(inbox: Path, name: str = "a.xlsx", content: str = "a") -> None:
    (inbox / "submissions" / name).write_text(content, encoding="utf-8")


def request_of(result: Any) -> dg.RunRequest:
    assert isinstance(result, dg.SensorResult)
    assert result.run_requests is not None
    [request] = result.run_requests
    return request


def launch(instance: dg.DagsterInstance, request: dg.RunRequest, status: DagsterRunStatus) -> str:
    """Store the run that Dagster would have started for ``request``."""
    assert request.run_key is not None
    run = dg.DagsterRun(
        job_name="nightly",
        run_id=str(uuid.uuid4()),
        status=status,
        tags={**request.tags, RUN_KEY_TAG: request.run_key},
    )
    instance.add_run(run)
    return run.run_id


def test_an_empty_inbox_asks_for_nothing(tick: Tick) -> None:
    assert isinstance(tick(), dg.SkipReason)


def test_a_file_that_is_still_being_written_asks_for_nothing_yet(
    tick: Tick, inbox: Path, seed_limits: InboxLimits, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(InboxLimits, "of_the_seed", lambda: seed_limits)
    arrive(inbox)
    assert isinstance(tick(), dg.SkipReason)
    long_ago = time.time() - seed_limits.quiet_seconds - 1
    os.utime(inbox / "submissions" / "a.xlsx", (long_ago, long_ago))
    assert request_of(tick()).tags["coopzones/new_files"] == "1"


def test_a_file_that_is_neither_submission_nor_ledger_asks_for_nothing(tick: Tick, inbox: Path) -> None:
    (inbox / "submissions" / "notes.txt").write_text("", encoding="utf-8")
    assert isinstance(tick(), dg.SkipReason)


def test_a_new_file_asks_for_one_run_and_the_cursor_stays(tick: Tick, inbox: Path) -> None:
    arrive(inbox)
    result = tick()
    request = request_of(result)
    assert request.tags[LISTING_TAG] == request.run_key
    assert isinstance(result, dg.SensorResult)
    assert result.cursor is None


def test_the_key_of_the_run_is_the_listing(tick: Tick, inbox: Path) -> None:
    arrive(inbox)
    first = request_of(tick())
    assert request_of(tick()).run_key == first.run_key
    arrive(inbox, "b.xlsx")
    assert request_of(tick()).run_key != first.run_key


@pytest.mark.parametrize("status", [DagsterRunStatus.NOT_STARTED, DagsterRunStatus.STARTING])
def test_while_the_run_waits_nothing_is_asked_and_the_cursor_stays(
    tick: Tick, inbox: Path, instance: dg.DagsterInstance, status: DagsterRunStatus
) -> None:
    arrive(inbox)
    launch(instance, request_of(tick()), status)
    assert isinstance(tick(), dg.SkipReason)


def test_when_the_run_succeeded_the_cursor_moves_and_nothing_is_asked(
    tick: Tick, inbox: Path, instance: dg.DagsterInstance
) -> None:
    arrive(inbox)
    launch(instance, request_of(tick()), DagsterRunStatus.SUCCESS)
    result = tick()
    assert isinstance(result, dg.SensorResult)
    assert not result.run_requests
    assert result.cursor is not None
    assert isinstance(tick(result.cursor), dg.SkipReason)


def test_when_the_run_failed_the_cursor_stays_and_the_same_is_not_asked_again(
    tick: Tick, inbox: Path, instance: dg.DagsterInstance
) -> None:
    arrive(inbox)
    launch(instance, request_of(tick()), DagsterRunStatus.FAILURE)
    result = tick()
    assert isinstance(result, dg.SkipReason)
    assert "failed" in (result.skip_message or "")


def test_after_a_failure_the_next_arrival_asks_again(
    tick: Tick, inbox: Path, instance: dg.DagsterInstance
) -> None:
    arrive(inbox)
    launch(instance, request_of(tick()), DagsterRunStatus.FAILURE)
    arrive(inbox, "b.xlsx")
    request_of(tick())


def test_a_run_that_the_sensor_did_not_ask_for_counts_when_it_began_with_the_same_files(
    tick: Tick, inbox: Path, instance: dg.DagsterInstance
) -> None:
    arrive(inbox)
    listing = request_of(tick()).tags[LISTING_TAG]
    by_hand = dg.DagsterRun(
        job_name="nightly",
        run_id=str(uuid.uuid4()),
        status=DagsterRunStatus.SUCCESS,
        tags={LISTING_TAG: listing},
    )
    instance.add_run(by_hand)
    result = tick()
    assert isinstance(result, dg.SensorResult)
    assert not result.run_requests
    assert result.cursor is not None


@pytest.mark.parametrize("status", [DagsterRunStatus.STARTED, DagsterRunStatus.FAILURE])
def test_a_run_by_hand_that_was_killed_or_failed_does_not_stand_in_the_way(
    tick: Tick, inbox: Path, instance: dg.DagsterInstance, status: DagsterRunStatus
) -> None:
    arrive(inbox)
    listing = request_of(tick()).tags[LISTING_TAG]
    instance.add_run(
        dg.DagsterRun(
            job_name="nightly", run_id=str(uuid.uuid4()), status=status, tags={LISTING_TAG: listing}
        )
    )
    assert request_of(tick()).run_key == listing


def test_a_changed_file_is_new_and_a_file_that_went_is_not(
    tick: Tick, inbox: Path, instance: dg.DagsterInstance
) -> None:
    arrive(inbox)
    arrive(inbox, "b.xlsx")
    launch(instance, request_of(tick()), DagsterRunStatus.SUCCESS)
    processed = tick()
    assert isinstance(processed, dg.SensorResult)
    (inbox / "submissions" / "b.xlsx").unlink()
    assert isinstance(tick(processed.cursor), dg.SkipReason)
    arrive(inbox, content="another")
    request_of(tick(processed.cursor))


def test_an_inbox_that_is_gone_is_an_error_of_the_tick(tick: Tick, inbox: Path) -> None:
    (inbox / "submissions").rmdir()
    inbox.rmdir()
    with pytest.raises(Exception, match="COOPZONES_INBOX"):
        tick()


def test_the_key_stands_on_the_run_where_dagster_puts_it() -> None:
    from dagster._core.storage.tags import RUN_KEY_TAG as DAGSTERS_NAME  # noqa: PLC0415

    assert RUN_KEY_TAG == DAGSTERS_NAME
