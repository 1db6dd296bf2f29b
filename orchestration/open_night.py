"""The beginning of a night in the terminal: the home under its lock, and dbt getting ready.

Light to import, so that dbt gets ready while this process imports Dagster.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ingestion.progress import Progress
from orchestration.dbt_manifest import DBT_PROJECT, prepare_project
from orchestration.dbt_process import DbtProcess, start_dbt
from orchestration.home import Home
from orchestration.run_lock import hold_run_lock
from orchestration.settings import SHANGHAI, Settings


@dataclass(frozen=True)
class OpenNight:
    """A night that may begin: its settings, its home (locked), its dbt."""

    settings: Settings
    home: Home
    dbt: DbtProcess


@contextmanager
def open_night(settings: Settings, progress: Progress, project: Path = DBT_PROJECT) -> Iterator[OpenNight]:
    """Open a night for the block; raise ``HomeNotWritableError`` or ``RunInProgressError``.

    ``project`` is the dbt project; its manifest is made when the home holds none of it yet.
    """
    home = Home(settings.home)
    home.prepare()
    with hold_run_lock(home.run_lock, datetime.now(SHANGHAI)):
        progress.step("准备 prepare")
        with start_dbt(prepare_project(project, home, settings.target)) as dbt:
            yield OpenNight(settings, home, dbt)
