"""Outside sources as assets: one each with the freshness expected of it, and a summary that the night needs.

A source that fails is not materialized, and its check says why; the summary always is, so that nothing
downstream waits for what is outside. Does not belong here: asking, translating (``ingestion.sources``), and
the schedules of single sources (``source_schedules``).
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

import dagster as dg

from ingestion.progress import Progress
from orchestration.configured_sources import translated
from orchestration.dbt_translator import DEFAULT_OWNER
from orchestration.home import Home
from orchestration.night import OutsideSources
from orchestration.settings import Settings

if TYPE_CHECKING:
    from ingestion.sources.configuration import Source, Sources
    from ingestion.sources.standing import Standing

GROUP = "sources"
SUMMARY = dg.AssetKey("outside_sources")
ANSWERED = "answered"
SHORTEST_FRESHNESS = timedelta(minutes=1)
"""Dagster looks no closer."""


def key_of(source: "Source") -> dg.AssetKey:
    """Give the key of a source's asset; the prefix keeps it apart from models of the same name."""
    return dg.AssetKey([GROUP, source.name])


def build_source_assets(sources: "Sources") -> dg.AssetsDefinition:
    """Give the step that asks ``sources``: an asset and a check each, and the summary.

    A run that makes the summary, a night, asks those that are due and translates what is new; a run of
    single sources asks them, due or not, and leaves translating to the night.
    """

    @dg.multi_asset(
        name="ask_outside_sources",
        outs={
            **{f"{GROUP}_{source.name}": _source_out(source) for source in sources.entries},
            "summary": dg.AssetOut.from_spec(_summary_spec(sources), is_required=False),
        },
        check_specs=[_check_spec(source) for source in sources.entries],
        can_subset=True,
    )
    def ask_outside_sources(
        context: dg.AssetExecutionContext,
        settings: dg.ResourceParam[Settings],
        home: dg.ResourceParam[Home],
        progress: dg.ResourceParam[Progress],
    ) -> Iterator[dg.MaterializeResult[OutsideSources] | dg.AssetCheckResult]:
        home.hold_to_inbox(settings)
        is_night = SUMMARY in context.selected_asset_keys
        selected = [source for source in sources.entries if key_of(source) in context.selected_asset_keys]
        asked = _ask(selected, settings, progress, only_due=is_night)
        if sources.entries:
            yield from _told(sources, asked, context, settings)
        if is_night:
            yield _summary(sources, asked, settings, progress)

    return ask_outside_sources


def _ask(
    selected: "Sequence[Source]", settings: Settings, progress: Progress, *, only_due: bool
) -> frozenset[str]:
    """Ask ``selected``, or those of them that are due; give the names of those that were asked."""
    if not selected:
        return frozenset()
    from ingestion.sources.asking import ask  # noqa: PLC0415

    made = ask(selected, settings.home, now=settings.clock, progress=progress, only_due=only_due)
    return frozenset(attempt.source for attempt in made)


def _told(
    sources: "Sources", asked: Collection[str], context: dg.AssetExecutionContext, settings: Settings
) -> Iterator[dg.MaterializeResult[OutsideSources] | dg.AssetCheckResult]:
    """Give the asset of every source that was asked and answered, and the checks of all that are selected."""
    from ingestion.sources.standing import standings  # noqa: PLC0415

    for standing in standings(sources, settings.home, settings.clock()):
        key = key_of(standing.source)
        if standing.source.name in asked and standing.failing.is_empty():
            yield dg.MaterializeResult(asset_key=key, metadata=_metadata(standing))
        if dg.AssetCheckKey(key, ANSWERED) in context.selected_asset_check_keys:
            yield _check_result(standing, key)


def _summary(
    sources: "Sources", asked: Collection[str], settings: Settings, progress: Progress
) -> dg.MaterializeResult[OutsideSources]:
    brought = translated(sources, settings.home, progress)
    return dg.MaterializeResult(
        asset_key=SUMMARY,
        value=brought,
        metadata={
            "sources": len(sources.entries),
            "asked": len(asked),
            "failing": ", ".join(brought.tonight.failing(settings.clock().replace(tzinfo=None))),
            "dagster/row_count": brought.files.height,
            "problems": brought.tonight.problems.height,
        },
    )


def _source_out(source: "Source") -> dg.AssetOut:
    fresh = timedelta(days=source.fresh_within_days)
    spec = dg.AssetSpec(
        key_of(source),
        group_name=GROUP,
        kinds={"file" if source.request.is_file else "http"},
        owners=[DEFAULT_OWNER],
        description=f"{source.title_zh} / {source.title_en}",
        metadata={"ledger": source.ledger, "schedule": source.schedule, "format": source.format.kind},
        freshness_policy=dg.FreshnessPolicy.time_window(fail_window=max(fresh, SHORTEST_FRESHNESS)),
    )
    return dg.AssetOut.from_spec(spec, dagster_type=dg.Nothing, is_required=False)


def _summary_spec(sources: "Sources") -> dg.AssetSpec:
    from ingestion.receive import FILES_SCHEMA  # noqa: PLC0415
    from orchestration.column_schemas import column_schema  # noqa: PLC0415

    return dg.AssetSpec(
        SUMMARY,
        deps=[],
        group_name=GROUP,
        kinds={"python", "csv"},
        owners=[DEFAULT_OWNER],
        metadata={"dagster/column_schema": column_schema(FILES_SCHEMA), "sources": len(sources.entries)},
        description=(
            "外部来源：到时的各来源所答复的内容，转换为台账文件；未配置来源时为空 / "
            "What outside sources have answered, translated into ledger files; empty without sources."
        ),
    )


def _check_spec(source: "Source") -> dg.AssetCheckSpec:
    return dg.AssetCheckSpec(
        ANSWERED,
        asset=key_of(source),
        blocking=False,
        description="最近一次请求均有可用答复 / Every newest request was answered in a way that can be used.",
    )


def _metadata(standing: "Standing") -> dict[str, dg.MetadataValue]:
    assert standing.succeeded_at is not None  # noqa: S101 (no request of it failed)
    outcomes = standing.newest["outcome"].to_list()
    return {
        "last_success": dg.MetadataValue.text(f"{standing.succeeded_at:%Y-%m-%d %H:%M:%S}"),
        "requests": dg.MetadataValue.int(len(outcomes)),
        "changed": dg.MetadataValue.int(outcomes.count("changed")),
        "unchanged": dg.MetadataValue.int(outcomes.count("unchanged")),
    }


def _check_result(standing: "Standing", key: dg.AssetKey) -> dg.AssetCheckResult:
    succeeded = standing.succeeded_at
    return dg.AssetCheckResult(
        asset_key=key,
        check_name=ANSWERED,
        passed=standing.failing.is_empty(),
        severity=dg.AssetCheckSeverity.WARN,
        description="\n".join(standing.reasons) or None,
        metadata={
            "last_success": f"{succeeded:%Y-%m-%d %H:%M:%S}" if succeeded else "never",
            "last_attempt": f"{standing.attempted_at:%Y-%m-%d %H:%M:%S}"
            if standing.attempted_at
            else "never",
        },
    )
