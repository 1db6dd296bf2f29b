"""Alert sensors: what watches the released schedule and asks for the run that delivers what is new.

One sensor a group of kinds (seed ``alert_kinds``). A tick raises what the decision gives into the outbox and
asks for a run of ``deliver_alerts``. The cursor keeps what was settled, a release and a day; it moves when
the run that was asked for has succeeded, or when there was nothing to tell and nothing waits. A failed run is
asked for again, by a new key, as soon as the outbox says that something may be tried. Does not belong here:
what is told (publication) and the delivering (``alert_delivery``).
"""

import json
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple, Self

import dagster as dg
from dagster._core.storage.dagster_run import NOT_FINISHED_STATUSES

from ingestion.seeds import load_seed
from orchestration.alert_delivery import deliver_alerts, now_in_shanghai
from orchestration.home import Home
from orchestration.run_lock import is_run_lock_held
from orchestration.sensors import RUN_KEY_TAG
from orchestration.settings import Settings
from publication.alerting.outbox import Outbox
from publication.alerting.raising import ReleasedSchedule, current_schedule, raise_new, watched_kinds

STARTING_TAKES_AT_MOST = timedelta(minutes=5)
"""A run that has not changed for so long while nobody holds the lock is dead: deliveries hold it."""

SENSOR_TAG = "coopzones/alert_sensor"
PLACE_TAG = "coopzones/alerts_of"
Clock = Callable[[], datetime]


class Place(NamedTuple):
    """What a tick looks at: a release and a day in Shanghai."""

    release: int
    day: str

    def __str__(self) -> str:
        return f"{self.release}/{self.day}"


@dataclass(frozen=True)
class Cursor:
    """What a sensor remembers: the place that is settled, and the run that was asked for another one."""

    settled: Place | None = None
    asked: Place | None = None
    run_key: str | None = None

    @classmethod
    def read(cls, text: str | None) -> Self:
        """Give the cursor written as ``text``; an empty one without it."""
        kept: dict[str, Any] = json.loads(text) if text else {}
        places = {name: Place(*kept[name]) for name in ("settled", "asked") if kept.get(name)}
        return cls(**places, run_key=kept.get("run_key"))

    def write(self) -> str:
        """Give the text that Dagster keeps."""
        return json.dumps({"settled": self.settled, "asked": self.asked, "run_key": self.run_key})


def settle_success(cursor: Cursor, instance: dg.DagsterInstance) -> Cursor:
    """Give the cursor moved to what was asked for, if the run of that key has succeeded."""
    if cursor.run_key is None:
        return cursor
    runs = instance.get_runs(dg.RunsFilter(tags={RUN_KEY_TAG: cursor.run_key}))
    if any(run.status is dg.DagsterRunStatus.SUCCESS for run in runs):
        return Cursor(settled=cursor.asked)
    return cursor


def is_delivery_in_progress(instance: dg.DagsterInstance, lock: Path, now: datetime) -> bool:
    """Say whether a run of ``deliver_alerts`` waits or works; one whose process is gone is marked failed."""
    runs = dg.RunsFilter(job_name=deliver_alerts.name, statuses=NOT_FINISHED_STATUSES)
    unfinished = instance.get_run_records(runs)
    if not unfinished or is_run_lock_held(lock):
        return bool(unfinished)
    dead = [
        record.dagster_run
        for record in unfinished
        if record.dagster_run.status is not dg.DagsterRunStatus.QUEUED
        and now - record.update_timestamp > STARTING_TAKES_AT_MOST
    ]
    for run in dead:
        instance.report_run_failed(run, "此运行的进程已不在 / The process of this run is gone.")
    return len(dead) < len(unfinished)


def next_request(sensor: str, place: Place, instance: dg.DagsterInstance) -> dg.RunRequest:
    """Give the request for the next attempt at ``place``; its key is one that no run has had."""
    tags = {SENSOR_TAG: sensor, PLACE_TAG: str(place)}
    attempt = instance.get_runs_count(dg.RunsFilter(tags=tags)) + 1
    return dg.RunRequest(
        run_key=f"{sensor}/{place}/{attempt}", tags={**tags, "coopzones/attempt": str(attempt)}
    )


@dataclass(frozen=True)
class Watch:
    """One evaluation of the sensor ``name`` over ``kinds`` at the clock's moment ``now``."""

    name: str
    kinds: Collection[str]
    settings: Settings
    instance: dg.DagsterInstance
    now: datetime

    def tick(self, cursor: Cursor) -> dg.SensorResult:
        """Raise what is new and ask for its delivery, or say why not; the result holds the next cursor.

        Raises ``SettingsError`` when the release came from another inbox, and ``ReleaseError`` when it can't
        be read.
        """
        home = Home(self.settings.home)
        home.hold_to_inbox(self.settings)
        schedule = current_schedule(home.root)
        if schedule is None:
            return _skip(cursor, "尚无发布", "no release yet")
        moment = self.settings.moment()
        place = Place(schedule.release, moment.date().isoformat())
        cursor = settle_success(cursor, self.instance)
        if cursor.settled == place:
            return _skip(
                cursor,
                f"发布 {place.release} 在 {place.day} 的提醒已处理",
                f"release {place.release} has been dealt with for {place.day}",
            )
        if silence := _why_silent(schedule, moment):
            return _skip(cursor, *silence)
        with Outbox.open(home.root) as outbox:
            new = raise_new(
                outbox, schedule, kinds=self.kinds, moment=moment, raised_at=self.now, raised_by=self.name
            )
            next_attempt_at = outbox.next_attempt_at()
        if not new and next_attempt_at is None and cursor.run_key is None:
            return _skip(Cursor(settled=place), "没有新的提醒", "nothing new to tell")
        return self._ask(cursor, place, home, next_attempt_at)

    def _ask(
        self, cursor: Cursor, place: Place, home: Home, next_attempt_at: datetime | None
    ) -> dg.SensorResult:
        """Ask for a run, unless one is in progress or nothing may be tried yet."""
        if is_delivery_in_progress(self.instance, home.delivery_lock, self.now):
            return _skip(cursor, "送达正在进行", "a delivery is in progress")
        if next_attempt_at is not None and next_attempt_at > self.now:
            again = f"{next_attempt_at:%Y-%m-%d %H:%M:%S}"
            return _skip(cursor, f"有提醒尚未送达，{again} 再试", f"undelivered, tried again at {again}")
        request = next_request(self.name, place, self.instance)
        asked = Cursor(settled=cursor.settled, asked=place, run_key=request.run_key)
        return dg.SensorResult(run_requests=[request], cursor=asked.write())


def _why_silent(schedule: ReleasedSchedule, moment: datetime) -> tuple[str, str] | None:
    """Say, in Chinese and English, why nothing can be told from a release; ``None`` when it can."""
    release = schedule.release
    if schedule.looks_ahead_of(moment):
        return (
            f"发布 {release} 的截至日 {schedule.as_of:%Y-%m-%d} 在今日之后，不据以提醒",
            f"release {release} looks ahead, to {schedule.as_of:%Y-%m-%d}: nothing is told from it",
        )
    if not schedule.path.is_file():
        return (
            f"发布 {release} 由较早的版本制作，没有提醒日程；运行一夜后即有",
            f"release {release} was made before there was a schedule of alerts; run a night",
        )
    return None


def _skip(cursor: Cursor, zh: str, en: str) -> dg.SensorResult:
    return dg.SensorResult(skip_reason=dg.SkipReason(f"{zh} / {en}."), cursor=cursor.write())


def build_alert_sensor(
    name: str, kinds: Collection[str], *, clock: Clock = now_in_shanghai
) -> dg.SensorDefinition:
    """Give the sensor ``name`` that watches ``kinds``; ``clock`` tells when something may be tried."""
    seed = load_seed("alert_kinds")
    named = seed.filter(seed["kind"].is_in(list(kinds)))

    # On from the start: without a file of notifiers it only keeps the outbox and the log.
    @dg.sensor(
        name=name,
        job_name=deliver_alerts.name,
        minimum_interval_seconds=300,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description=f"{'、'.join(named['name_zh'])} / Tells of: {', '.join(named['name_en'])}.",
    )
    def watch(context: dg.SensorEvaluationContext, settings: dg.ResourceParam[Settings]) -> dg.SensorResult:
        return Watch(name, kinds, settings, context.instance, clock()).tick(Cursor.read(context.cursor))

    return watch


alert_sensors = [build_alert_sensor(name, kinds) for name, kinds in watched_kinds().items()]
