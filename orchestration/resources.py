"""Resources: what the steps are given, each replaceable through ``build_definitions``.

Belongs here: dbt's process, the home of a run under its lock, who listens to progress. The settings are
a resource as they are. Does not belong here: what a step does with them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import dagster as dg

from orchestration.dbt_manifest import ParsedProject
from orchestration.dbt_process import DbtProcess, start_dbt
from orchestration.home import Home
from orchestration.run_lock import Work, hold_run_lock
from orchestration.settings import SHANGHAI, Settings
from orchestration.source_schedules import FETCH_JOB


class LoggedProgress:
    """Progress as lines of Dagster's log, for runs that nobody watches in a terminal."""

    def step(self, name: str, total: int | None = None) -> None:
        """Log the beginning of a step."""
        dg.get_dagster_logger().info(name if total is None else f"{name} ({total})")

    def advance(self, count: int = 1) -> None:
        """Log nothing: units are for people who watch."""

    def note(self, text: str) -> None:
        """Log the line."""
        dg.get_dagster_logger().info(text)


def build_dbt(parsed: ParsedProject) -> dg.ResourceDefinition:
    """Give the resource that is dbt getting ready for ``parsed`` from the first step of a run on."""

    @contextmanager
    def ready(_context: dg.InitResourceContext) -> Iterator[DbtProcess]:
        with start_dbt(parsed) as dbt:
            yield dbt

    return dg.ResourceDefinition(ready, description="dbt in a process of its own, ended with the run.")


def build_locked_home(settings: Settings) -> dg.ResourceDefinition:
    """Give the resource that is the home, its lock held from a run's first step to its last."""

    @contextmanager
    def held(context: dg.InitResourceContext) -> Iterator[Home]:
        home = Home(settings.home)
        home.prepare()
        only_fetches = context.run is not None and context.run.job_name.startswith(FETCH_JOB)
        work: Work = "fetch" if only_fetches else "night"
        with hold_run_lock(home.run_lock, datetime.now(SHANGHAI), work):
            yield home

    return dg.ResourceDefinition(held, description="The home, held by one run at a time.")
