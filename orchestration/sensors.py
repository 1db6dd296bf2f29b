"""Sensors: what asks for a night between the nights.

``inbox_sensor`` lists the inbox (it fetches nothing) and asks for a run when a file is new or changed and no
longer being written. The key of the run is the listing, so that Dagster starts no second run for the same
listing, whatever became of the first; the cursor moves only when a run that began with this listing has
succeeded.
"""

import json
from collections.abc import Iterable

import dagster as dg
from dagster import DagsterRun, DagsterRunStatus

from orchestration.home import Home
from orchestration.inbox_listing import LISTING_TAG, digest_of, list_quiet_arrivals, listing_key
from orchestration.jobs import nightly
from orchestration.run_lock import is_run_lock_held
from orchestration.settings import Settings

RUN_KEY_TAG = "dagster/run_key"
WAITING = {DagsterRunStatus.QUEUED, DagsterRunStatus.NOT_STARTED, DagsterRunStatus.STARTING}
WORKING = {DagsterRunStatus.STARTED, DagsterRunStatus.CANCELING}


def read_cursor(cursor: str | None) -> frozenset[str]:
    """Give the files' digests that the cursor holds; none without a cursor."""
    return frozenset(json.loads(cursor)) if cursor else frozenset()


def write_cursor(digests: frozenset[str]) -> str:
    """Give the cursor that holds ``digests``."""
    return json.dumps(sorted(digests))


def decide(
    *, present: frozenset[str], processed: frozenset[str], runs: Iterable[DagsterRun], is_locked: bool
) -> dg.SensorResult | dg.SkipReason:
    """Decide from the files present, those that a succeeded run began with, and the runs of this listing.

    A run that says it works while nobody holds the home's lock was killed and does not count.
    """
    runs = list(runs)
    statuses = {run.status for run in runs}
    key = listing_key(present)
    new = present - processed
    if not new:
        return dg.SkipReason("没有新文件 / Nothing new in the inbox.")
    if DagsterRunStatus.SUCCESS in statuses:
        reason = dg.SkipReason("新文件已处理 / The new files were processed by a run.")
        return dg.SensorResult(skip_reason=reason, cursor=write_cursor(present))
    if statuses & WAITING or (statuses & WORKING and is_locked):
        return dg.SkipReason("处理这些文件的运行正在进行 / A run for these files is in progress.")
    if any(run.tags.get(RUN_KEY_TAG) == key for run in runs):
        return dg.SkipReason(
            "处理这些文件的运行失败；同样的文件不再自动请求，请查明原因后手动执行，或等待夜间运行 / "
            "The run for these files failed and is not asked for again: mend the cause and launch the job, "
            "or leave it to the schedule."
        )
    tags = {LISTING_TAG: key, "coopzones/new_files": str(len(new))}
    return dg.SensorResult(run_requests=[dg.RunRequest(run_key=key, tags=tags)])


@dg.sensor(
    name="inbox_sensor",
    job=nightly,
    minimum_interval_seconds=300,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="收件箱有新文件时请求运行一次 / Asks for one run when something new has arrived.",
)
def inbox_sensor(
    context: dg.SensorEvaluationContext, settings: dg.ResourceParam[Settings]
) -> dg.SensorResult | dg.SkipReason:
    """Ask for a run when something new has arrived, once for the same."""
    present = frozenset(map(digest_of, list_quiet_arrivals(settings.inbox)))
    return decide(
        present=present,
        processed=read_cursor(context.cursor),
        runs=context.instance.get_runs(dg.RunsFilter(tags={LISTING_TAG: listing_key(present)})),
        is_locked=is_run_lock_held(Home(settings.home).run_lock),
    )
