"""Assets: what a night makes, a step each; every step calls the room whose work it is.

``archived_files`` and ``lake`` (ingestion), dbt's seeds and models (one step), ``release`` (publication).
Before them comes ``outside_sources``. Does not belong here: what is checked (``asset_checks``) and how
dbt's nodes are named (``dbt_translator``).
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt import dbt_assets

from ingestion.progress import Progress
from ingestion.receive import FILES_SCHEMA, receive
from orchestration.asset_checks import judge_findings, rule_check_specs
from orchestration.column_schemas import column_schema
from orchestration.dbt_night import build_with_dbt
from orchestration.dbt_process import DbtProcess
from orchestration.dbt_translator import DEFAULT_OWNER, CoopzonesTranslator
from orchestration.errors import NightFailedError
from orchestration.home import Home
from orchestration.inbox_listing import tag_run_with_listing
from orchestration.night import Arrival, JudgedNight, OutsideSources
from orchestration.settings import SHANGHAI, Settings
from orchestration.versions import code_version
from publication.releases import Release

MEBIBYTE = 1 << 20


@dg.asset(
    group_name="ingestion",
    kinds={"python", "file"},
    metadata={"dagster/column_schema": column_schema(FILES_SCHEMA)},
    owners=[DEFAULT_OWNER],
    description=(
        "收件：收件箱里的每个文件按 SHA-256 存档一次，并列入外部来源的台账文件 / "
        "Every file of the inbox, archived once by its SHA-256, and those that outside sources brought."
    ),
)
def archived_files(
    context: dg.AssetExecutionContext,
    outside_sources: OutsideSources,
    settings: dg.ResourceParam[Settings],
    home: dg.ResourceParam[Home],
    progress: dg.ResourceParam[Progress],
) -> dg.MaterializeResult[Arrival]:
    """Receive the inbox; fails with ``InboxUnavailableError`` when there is none."""
    home.hold_to_inbox(settings)
    started_at = datetime.now(SHANGHAI)
    received = receive(
        settings.inbox, home.root, progress, tell_listing=partial(tag_run_with_listing, context)
    )
    reception = received.beside(outside_sources.files, outside_sources.tonight)
    return dg.MaterializeResult(
        value=Arrival(reception=reception, started_at=started_at),
        metadata={
            "inbox": reception.inbox,
            "ignored_files": reception.ignored.height,
            "dagster/row_count": reception.files.height,
            "new_files": reception.new_files,
            "new_bytes": reception.new_bytes,
        },
    )


@dg.asset(
    group_name="ingestion",
    kinds={"python", "parquet", "pandera"},
    owners=[DEFAULT_OWNER],
    check_specs=rule_check_specs(),
    description=(
        "数据湖：每个文件的内容及其审核结论（接受、隔离、问题），以及本夜时点的台账 / "
        "What each file says and the verdict on it, and the ledgers as they stood at the night's moment."
    ),
)
def lake(
    archived_files: Arrival,
    settings: dg.ResourceParam[Settings],
    home: dg.ResourceParam[Home],
    progress: dg.ResourceParam[Progress],
) -> Iterator[dg.Output[JudgedNight] | dg.AssetCheckResult]:
    """Read what is new and judge what has no verdict of these rules yet."""
    from ingestion.judging.night import judge_night  # noqa: PLC0415
    from ingestion.reading.new_files import read_new_files  # noqa: PLC0415
    from publication.last_release import write_last_release  # noqa: PLC0415
    from publication.releases import reserve_number  # noqa: PLC0415

    read = read_new_files(
        archived_files.reception,
        home.root,
        workers=settings.workers,
        memory_limit_bytes=settings.reader_memory_mib * MEBIBYTE,
        timeout_seconds=settings.reader_timeout_seconds,
        progress=progress,
    )
    as_of = settings.moment()
    summary = judge_night(
        archived_files.reception,
        home.root,
        as_of=as_of,
        parameters=settings.parameters,
        progress=progress,
    )
    last_release = write_last_release(home.root, summary.night_folder)
    number = reserve_number(home.root)
    night = JudgedNight(archived_files, as_of, settings.parameters, summary, number, last_release)
    yield dg.Output(
        night,
        metadata={
            "as_of": night.wall_clock,
            "rules_version": summary.rules_version,
            "submissions": summary.submissions,
            "newly_judged": summary.newly_judged,
            "rejected": summary.rejected,
            "rows_read": summary.rows_read,
            "rows_quarantined": summary.rows_quarantined,
            "read": str(read),
            "release": number,
            "compared_with_release": "-" if last_release.number is None else str(last_release.number),
            "marts_not_compared": ", ".join(last_release.left_out),
        },
    )
    yield from judge_findings(night)


def build_dbt_assets(manifest: Mapping[str, Any]) -> dg.AssetsDefinition:
    """Give every seed and model of dbt as one step, with its tests as checks (severity error blocks)."""

    @dbt_assets(
        manifest=manifest,
        name="dbt_models",
        dagster_dbt_translator=CoopzonesTranslator(),
    )
    def dbt_models(
        context: dg.AssetExecutionContext,
        lake: JudgedNight,
        dbt: dg.ResourceParam[DbtProcess],
        home: dg.ResourceParam[Home],  # noqa: ARG001 (held: the warehouse is this run's alone)
        progress: dg.ResourceParam[Progress],
    ) -> Iterator[Any]:
        yield from build_with_dbt(context, dbt, lake, progress, manifest)

    return dbt_models


def require_verdict(home: Home) -> None:
    """Raise ``NightFailedError`` unless the warehouse passed: a part of the job may be launched alone."""
    if not home.verdict.exists():
        raise NightFailedError(
            "仓库尚未通过全部阻断性检查，不发布；请运行整个 nightly 任务。\n"
            "The warehouse has not passed every blocking check; nothing is published. "
            "Launch the whole job nightly."
        )


def build_release_asset(marts: Sequence[dg.AssetKey]) -> dg.AssetsDefinition:
    """Give the step that publishes the release of ``marts``; it runs when no blocking check failed."""

    @dg.asset(
        group_name="publication",
        kinds={"duckdb", "parquet", "html"},
        owners=["team:policy"],
        deps=list(marts),
        description=(
            "发布：集市、合规页面、数据质量文档与清单，一步换入 / "
            "Marts, site, Data Docs and manifest, swapped in by one rename."
        ),
    )
    def release(
        lake: JudgedNight,
        settings: dg.ResourceParam[Settings],
        home: dg.ResourceParam[Home],
        progress: dg.ResourceParam[Progress],
    ) -> dg.MaterializeResult[Release]:
        from publication.releases import build_release, publish  # noqa: PLC0415

        progress.step("发布 publish")
        require_verdict(home)
        built = build_release(
            home=home.root,
            number=lake.release_number,
            warehouse=home.warehouse,
            night=lake.summary.night_folder,
            data_docs=home.data_docs,
            dbt_artifacts=home.dbt_target,
            reception_files=lake.arrival.reception.inputs,
            as_of=lake.as_of,
            rules_version=lake.summary.rules_version,
            parameters=lake.parameters,
            code_version=code_version(),
            started_at=lake.arrival.started_at,
            limits=settings.child_limits,
            progress=progress,
        )
        published: Path = publish(built, home=home.root, keep=settings.releases_kept)
        home.remember_inbox(settings)
        return dg.MaterializeResult(
            value=built,
            metadata={
                "release": built.number,
                "path": dg.MetadataValue.path(published),
                "site": dg.MetadataValue.path(published / "site" / "index.html"),
                "data_docs": dg.MetadataValue.path(published / "data_docs" / "index.html"),
            },
        )

    return release
