"""The night's one dbt invocation: its arguments, its events, and what became of its nodes.

Belongs here: what is particular to running dbt inside a step. A failed test of severity error is a failed
blocking check; a node that errs is a defect and raises ``DbtFailedError`` with dbt's words.
"""

import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from threading import Thread
from typing import Any, Literal

import dagster as dg
from dagster_dbt import DbtCliInvocation

from ingestion.progress import Progress
from orchestration.errors import DbtFailedError, NightFailedError
from orchestration.home import Home
from orchestration.night import JudgedNight
from orchestration.resources import NightlyDbt

RUN_RESULTS: Literal["run_results.json"] = "run_results.json"


def build_arguments(night: JudgedNight) -> list[str]:
    """Give dbt's arguments: everything but the unit tests, which are run by the tests of the project."""
    return ["build", "--exclude-resource-type", "unit_test", "--vars", night.dbt_variables()]


def build_with_dbt(
    context: dg.AssetExecutionContext, dbt: NightlyDbt, night: JudgedNight, home: Home, progress: Progress
) -> Iterator[Any]:
    """Run dbt and give Dagster's events as they come; while dbt works, import what the next step needs."""
    target = prepare_target(home, is_whole=not context.is_subset)
    progress.step("转换 transform (dbt)", count_nodes(context))
    os.environ["COOPZONES_WAREHOUSE"] = str(home.warehouse)
    invocation = dbt.cli(build_arguments(night), context=context, target_path=target, raise_on_error=False)
    warm_up = Thread(target=_warm_up, name="warm-up", daemon=True)
    warm_up.start()
    yield from _events(invocation, progress)
    raise_for_results(invocation, target)
    warm_up.join()


def count_nodes(context: dg.AssetExecutionContext) -> int:
    """Give how many seeds, models and tests the step is to build."""
    return len(context.selected_asset_keys) + len(context.selected_asset_check_keys)


def prepare_target(home: Home, *, is_whole: bool) -> Path:
    """Give dbt a target folder of this run alone; the warehouse of a whole night is a new file.

    The old one is unlinked rather than emptied: what a killed run left behind goes on writing to nothing.
    """
    if is_whole:
        shutil.rmtree(home.warehouse.parent, ignore_errors=True)
    home.warehouse.parent.mkdir(parents=True, exist_ok=True)
    target = home.dbt / "target"
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    return target


def raise_for_results(invocation: DbtCliInvocation, target: Path) -> None:
    """Raise for nodes that erred (``DbtFailedError``) or tests that failed (``NightFailedError``)."""
    if not (target / RUN_RESULTS).exists():
        raise DbtFailedError(f"dbt did not run: {invocation.get_error()}")
    results = invocation.get_artifact(RUN_RESULTS)["results"]
    erred = [
        f"{result['unique_id']}: {result['message']}" for result in results if result["status"] == "error"
    ]
    if erred:
        raise DbtFailedError("dbt could not build:\n" + "\n".join(erred))
    failed = [result for result in results if result["status"] == "fail"]
    if failed:
        raise NightFailedError(describe_failed_tests(failed))


def describe_failed_tests(failed: Sequence[Mapping[str, Any]]) -> str:
    """Name each failed dbt test and how many rows failed."""
    return "\n".join(
        f"dbt test {result['unique_id'].split('.')[2]}: {result['failures']} 行不符 / failing rows"
        for result in failed
    )


def _events(invocation: DbtCliInvocation, progress: Progress) -> Iterator[Any]:
    for event in invocation.stream_raw_events():
        if event.is_result_event:
            progress.advance()
        yield from event.to_default_asset_events(
            manifest=invocation.manifest,
            dagster_dbt_translator=invocation.dagster_dbt_translator,
            context=invocation.context,
            target_path=invocation.target_path,
        )


def _warm_up() -> None:
    from expectations import warm_up  # noqa: PLC0415 (seconds of import, spent while dbt works)

    warm_up()
