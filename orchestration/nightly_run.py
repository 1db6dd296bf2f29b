"""A night in this process: Dagster's job on Dagster's own instance, so that its page shows the run.

Belongs here: running the job and telling a failed check from a bug. Does not belong
here: what a person reads (``summary``, ``terminal``).
"""

import contextlib
import os
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dagster as dg
from dagster._core.errors import DagsterAssetCheckFailedError, DagsterExecutionInterruptedError

from ingestion.errors import IngestionError
from ingestion.progress import Progress
from orchestration.definitions import build_definitions
from orchestration.errors import NightFailedError, NightUnshelvedError, ShelfFailedError
from orchestration.home import Home
from orchestration.night import JudgedNight
from orchestration.open_night import OpenNight
from orchestration.shelf_commands import shelf_failed
from publication.errors import ReleaseError
from publication.postgres.errors import ShelfError
from publication.releases import Release, current_release

if TYPE_CHECKING:
    from publication.postgres.shelf import Shelved

INTERRUPTED_QUERY = "Query interrupted"
"""What DuckDB makes of a signal that arrives while a query runs."""

QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
LOUD = {"loggers": {"console": {"config": {"log_level": "INFO"}}}}


@dataclass(frozen=True)
class NightReport:
    """A night that published: the lake's verdicts, the release, its folder, what PostgreSQL holds if any."""

    night: JudgedNight
    release: Release
    folder: Path
    shelved: "Shelved | None" = None


def run_night(opened: OpenNight, progress: Progress, *, is_verbose: bool = False) -> NightReport:
    """Run the job ``nightly`` and give what it published.

    Raises ``NightFailedError`` naming the failed check or the state of the world that stopped the night,
    ``NightUnshelvedError`` where the release stands and its shelf failed; anything else is a bug and is
    raised as it is.
    """
    home = opened.home
    os.environ["DAGSTER_HOME"] = str(home.dagster)
    resources = {"settings": opened.settings, "home": home, "dbt": opened.dbt, "progress": progress}
    definitions = build_definitions(resource_overrides=resources)
    with dg.DagsterInstance.from_config(str(home.dagster), "terminal.yaml") as instance:
        close_abandoned_runs(instance)
        try:
            result = _execute(definitions, instance, home, is_verbose=is_verbose)
        except ShelfFailedError as error:
            # Dagster gives no result of a failed run; what its steps gave is in its storage.
            given: dict[str, Any] = {
                asset: definitions.load_asset_value(asset, instance=instance) for asset in ("lake", "release")
            }
            report = NightReport(given["lake"], given["release"], _published_folder(home))
            raise NightUnshelvedError(str(error), report) from error
    night, release = result.asset_value("lake"), result.asset_value("release")
    shelved = None if opened.settings.shelf is None else result.asset_value("postgres_shelf")
    return NightReport(night, release, _published_folder(home), shelved)


def _published_folder(home: Home) -> Path:
    folder = current_release(home.root)
    assert folder is not None  # noqa: S101 (a published release is current)
    return folder


def close_abandoned_runs(instance: dg.DagsterInstance) -> None:
    """Mark runs that say they work as failed: whoever holds the home's lock knows that they were killed."""
    for run in instance.get_runs(dg.RunsFilter(job_name="nightly", statuses=[dg.DagsterRunStatus.STARTED])):
        instance.report_run_failed(run, "The process of this run is gone.")


def _execute(
    definitions: dg.Definitions, instance: dg.DagsterInstance, home: Home, *, is_verbose: bool
) -> dg.ExecuteInProcessResult:
    run_id = str(uuid.uuid4())
    job = definitions.resolve_job_def("nightly")
    try:
        with _steps_off_the_terminal(is_verbose=is_verbose):
            return job.execute_in_process(
                instance=instance, run_id=run_id, run_config=LOUD if is_verbose else QUIET
            )
    except DagsterAssetCheckFailedError as error:
        raise NightFailedError(_explain(failed_checks(definitions, instance, run_id), home)) from error
    except NightFailedError as error:
        checks = failed_checks(definitions, instance, run_id) or [str(error)]
        raise NightFailedError(_explain(checks, home)) from error
    except DagsterExecutionInterruptedError as error:
        raise NightFailedError(f"已中断 / Interrupted.\n{_old_release_stands(home)}") from error
    except RuntimeError as error:
        if str(error) != INTERRUPTED_QUERY:
            raise
        raise NightFailedError(f"已中断 / Interrupted.\n{_old_release_stands(home)}") from error
    except ShelfError as error:
        raise shelf_failed(error) from error
    except (IngestionError, ReleaseError) as error:
        raise NightFailedError(f"{error}\n{_old_release_stands(home)}") from error


@contextlib.contextmanager
def _steps_off_the_terminal(*, is_verbose: bool) -> Iterator[None]:
    """Keep what dbt prints (dagster-dbt repeats it line by line) off the terminal; dbt's log has it."""
    if is_verbose:
        yield
        return
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere, contextlib.redirect_stdout(nowhere):
        yield


def failed_checks(definitions: dg.Definitions, instance: dg.DagsterInstance, run_id: str) -> list[str]:
    """Give a line a failed blocking check of the run: its asset and name, what it holds, what was seen."""
    graph = definitions.resolve_asset_graph()
    lines = []
    for entry in instance.all_logs(run_id, of_type=dg.DagsterEventType.ASSET_CHECK_EVALUATION):
        evaluation = entry.get_dagster_event().asset_check_evaluation_data
        spec = graph.get_check_spec(evaluation.asset_check_key)
        if evaluation.passed or not spec.blocking or evaluation.severity is not dg.AssetCheckSeverity.ERROR:
            continue
        seen = ", ".join(
            f"{key}: {value.value}"
            for key, value in sorted(evaluation.metadata.items())
            if isinstance(value, dg.TextMetadataValue | dg.IntMetadataValue)
        )
        said = evaluation.description or spec.description or ""
        lines.append(f"{spec.asset_key.to_user_string()} · {spec.name}: {said} ({seen})")
    return lines


def _explain(checks: list[str], home: Home) -> str:
    listed = "\n".join(f"  ✗ {check}" for check in checks)
    return (
        "阻断性检查未通过，本夜不发布 / A blocking check failed; nothing is published:\n"
        f"{listed}\n"
        f"{_old_release_stands(home)}\n"
        f"详情 / Details: coopzones dev → Runs; {home.dbt_target} (dbt.log, compiled/); "
        f"{home.data_docs / 'index.html'}"
    )


def _old_release_stands(home: Home) -> str:
    folder = current_release(home.root)
    if folder is None:
        return "此前没有发布 / There was no release before."
    return f"原发布 {folder.name} 继续有效 / Release {folder.name} still stands: {folder}"
