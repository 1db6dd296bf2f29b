"""The night's one dbt process: its arguments, its events, and what became of its nodes.

Belongs here: what is particular to running dbt inside a step. A failed test of severity error is a failed
blocking check; a node that errs is a defect and raises ``DbtFailedError`` with dbt's words.
"""

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from threading import Thread
from typing import Any, Literal

import dagster as dg
from dagster_dbt import DbtCliInvocation
from packaging.version import Version

from ingestion.progress import Progress
from orchestration.dbt_process import DbtProcess
from orchestration.dbt_translator import UNIQUE_ID, CoopzonesTranslator
from orchestration.errors import DbtFailedError, NightFailedError
from orchestration.home import Home
from orchestration.night import JudgedNight
from orchestration.versions import code_version

RUN_RESULTS: Literal["run_results.json"] = "run_results.json"


def build_arguments(night: JudgedNight, home: Home, selected: Sequence[str] | None) -> list[str]:
    """Give dbt's arguments; ``selected`` are the nodes' full names, ``None`` selects the whole project.

    The unit tests are left out: the project's tests run them, and they say nothing about a night.
    """
    everything = ["build", "--exclude-resource-type", "unit_test", "--vars", dbt_variables(night, home)]
    if selected is None:
        return everything
    return [*everything, "--indirect-selection", "empty", "--select", " ".join(selected)]


def docs_arguments(night: JudgedNight, home: Home) -> list[str]:
    """Give dbt's arguments to write its documentation of the warehouse that it has just built."""
    return ["--quiet", "docs", "generate", "--no-compile", "--vars", dbt_variables(night, home)]


def dbt_variables(night: JudgedNight, home: Home) -> str:
    """Give the variables of ``docs/lake.md`` as JSON."""
    variables = {
        "as_of": night.wall_clock,
        "judged": str(home.judged),
        "night": str(home.night),
        "parameters": dict(night.parameters),
        "release": {
            "number": night.release_number,
            "started_at": night.arrival.started_at.replace(tzinfo=None).isoformat(),
            "code_version": code_version(),
            "rules_version": night.summary.rules_version,
        },
    }
    return json.dumps(variables, ensure_ascii=False)


def select_nodes(context: dg.AssetExecutionContext, manifest: Mapping[str, Any]) -> list[str] | None:
    """Give the full names of the nodes of a step that is to build a part; ``None`` when it builds all."""
    if not context.is_subset:
        return None
    assets = context.assets_def.specs
    checks = context.assets_def.check_specs
    chosen = [spec.metadata[UNIQUE_ID] for spec in assets if spec.key in context.selected_asset_keys] + [
        spec.metadata[UNIQUE_ID] for spec in checks if spec.key in context.selected_asset_check_keys
    ]
    return [f"fqn:{'.'.join(manifest['nodes'][unique_id]['fqn'])}" for unique_id in chosen]


def build_with_dbt(
    context: dg.AssetExecutionContext,
    dbt: DbtProcess,
    night: JudgedNight,
    progress: Progress,
    manifest: Mapping[str, Any],
) -> Iterator[Any]:
    """Run dbt and give Dagster's events as they come; while dbt works, import what the next step needs."""
    progress.step(
        "转换 transform (dbt)", len(context.selected_asset_keys) + len(context.selected_asset_check_keys)
    )
    home = dbt.parsed.home
    target = prepare_target(home, is_whole=not context.is_subset)
    point_to(home.judged, night.summary.judged_folder)
    environment = {"DBT_TARGET_PATH": str(target), "DBT_LOG_PATH": str(target), "DBT_LOG_FORMAT": "json"}
    build = build_arguments(night, home, select_nodes(context, manifest))
    dbt.run([build, docs_arguments(night, home)], environment)
    invocation = DbtCliInvocation(
        process=dbt.process,
        manifest=manifest,
        dagster_dbt_translator=CoopzonesTranslator(),
        project_dir=dbt.parsed.project,
        target_path=target,
        raise_on_error=False,
        cli_version=Version(version("dbt-core")),
        context=context,
    )
    warm_up = Thread(target=_warm_up, name="warm-up", daemon=True)
    warm_up.start()
    yield from _events(invocation, progress)
    raise_for_results(invocation, target)
    warm_up.join()


def prepare_target(home: Home, *, is_whole: bool) -> Path:
    """Give dbt a target folder of this run alone; the warehouse of a whole night is a new file.

    The old one is unlinked rather than emptied: what a killed run left behind goes on writing to nothing.
    """
    if is_whole:
        shutil.rmtree(home.warehouse.parent, ignore_errors=True)
    home.warehouse.parent.mkdir(parents=True, exist_ok=True)
    home.verdict.unlink(missing_ok=True)
    shutil.rmtree(home.dbt_target, ignore_errors=True)
    home.dbt_target.mkdir(parents=True, exist_ok=True)
    return home.dbt_target


def point_to(link: Path, folder: Path) -> None:
    """Let ``link`` name ``folder``, whatever it named before."""
    link.unlink(missing_ok=True)
    link.symlink_to(folder, target_is_directory=True)


def raise_for_results(invocation: DbtCliInvocation, target: Path) -> None:
    """Raise for nodes that erred (``DbtFailedError``) or tests that failed (``NightFailedError``)."""
    if not (target / RUN_RESULTS).exists():
        raise DbtFailedError(f"dbt did not run: {invocation.get_error()}")
    results = invocation.get_artifact(RUN_RESULTS)["results"]
    erred = [result for result in results if result["status"] == "error"]
    if erred:
        named = "\n".join(f"{result['unique_id']}: {result['message']}" for result in erred)
        raise DbtFailedError(f"dbt could not build:\n{named}")
    failed = [result for result in results if result["status"] == "fail"]
    if failed:
        raise NightFailedError(describe_failed_tests(failed))
    if not invocation.is_successful():
        raise DbtFailedError(f"dbt failed: {invocation.get_error()}")


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
