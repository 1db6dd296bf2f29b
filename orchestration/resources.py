"""Resources: what the steps are given, each replaceable through ``build_definitions``.

Belongs here: dbt's command line, the home of a run under its lock, who listens to progress. The settings are
a resource as they are. Does not belong here: what a step does with them.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property
from importlib.metadata import version

import dagster as dg
from dagster_dbt import DbtCliResource
from packaging.version import Version

from orchestration.home import Home
from orchestration.run_lock import hold_run_lock
from orchestration.settings import SHANGHAI, Settings


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


class NightlyDbt(DbtCliResource):
    """dbt's command line, without the two things that dagster-dbt starts and the night does not need.

    dagster-dbt asks ``dbt --version`` (a process, which asks a package index besides) and loads dbt's adapter
    into this process, for column metadata that our manifest already holds. Both names are private to
    dagster-dbt; ``tests/orchestration/test_resources.py`` fails when they change.
    """

    @cached_property
    def _cli_version(self) -> Version:
        return Version(version("dbt-core"))

    def _initialize_dbt_core_adapter(self, args: Sequence[str]) -> None:  # type: ignore[override]
        """Load nothing."""


def build_locked_home(settings: Settings) -> dg.ResourceDefinition:
    """Give the resource that is the home, its lock held from a run's first step to its last."""

    @contextmanager
    def held(_context: dg.InitResourceContext) -> Iterator[Home]:
        home = Home(settings.home)
        home.prepare()
        with hold_run_lock(home.run_lock, datetime.now(SHANGHAI)):
            yield home

    return dg.ResourceDefinition(held, description="The home, held by one run at a time.")
