"""Schedules of single sources: each by its own cron, for who runs Dagster's daemon. They only fetch.

The night asks whatever is due besides, so that nothing depends on them.
"""

from typing import TYPE_CHECKING

import dagster as dg

from orchestration.home import Home
from orchestration.outside_sources import key_of
from orchestration.run_lock import is_run_lock_held
from orchestration.settings import Settings

if TYPE_CHECKING:
    from ingestion.sources.configuration import Source, Sources

FETCH_JOB = "fetch_"
"""What the name of a job that only fetches begins with."""


def build_source_schedules(sources: "Sources") -> list[dg.ScheduleDefinition]:
    """Give a schedule a source; its job is ``fetch_<source>``."""
    return [_schedule(source) for source in sources.entries]


def _schedule(source: "Source") -> dg.ScheduleDefinition:
    job = dg.define_asset_job(
        name=f"{FETCH_JOB}{source.name}",
        selection=dg.AssetSelection.assets(key_of(source)),
        description=f"获取 / Fetches: {source.title_zh} / {source.title_en}",
        executor_def=dg.in_process_executor,
        tags={"dagster/max_retries": "0"},
    )

    @dg.schedule(
        name=job.name,
        job=job,
        cron_schedule=source.schedule,
        execution_timezone="Asia/Shanghai",
        default_status=dg.DefaultScheduleStatus.RUNNING,
    )
    def by_its_own_cron(settings: dg.ResourceParam[Settings]) -> dg.RunRequest | dg.SkipReason:
        if is_run_lock_held(Home(settings.home).run_lock):
            return dg.SkipReason("有运行正在进行，由其获取 / A run is in progress and asks what is due.")
        return dg.RunRequest()

    return by_its_own_cron
