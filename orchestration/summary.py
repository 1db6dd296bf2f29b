"""The words at the end of a night: what was published, what was found, where things are."""

from pathlib import Path

import polars as pl
from rich.console import Console

from orchestration.nightly_run import NightReport
from orchestration.shelf_commands import told
from publication.manifest import ledgers_gone, read_manifest
from publication.release_folders import CURRENT

RULES_SHOWN = 12


def print_summary(console: Console, report: NightReport) -> None:
    """Print release, moment, submissions, findings by rule (the most first), alerts and the paths."""
    summary = report.night.summary
    accepted = summary.submissions - summary.rejected
    lines = [
        "",
        f"发布 release {report.release.number}    时点 as of {report.night.wall_clock} (Asia/Shanghai)",
        f"报送 submissions  受理 accepted {accepted}  退回 rejected {summary.rejected}",
        f"行 rows  读入 read {summary.rows_read}  隔离 quarantined {summary.rows_quarantined}",
        f"问题 findings  {_findings(report)}",
        f"提醒 alerts  {_rows_of(report, 'alerts').height}",
        f"变化 changed since the last release  {_changes(report)}",
        *_sources(report),
        *(told(report.shelved) if report.shelved else []),
        *_warnings(report),
        "",
        *_paths(report.folder.with_name(CURRENT)),
    ]
    for line in lines:
        console.print(line, highlight=False, markup=False, soft_wrap=True)


def _paths(current: Path) -> list[str]:
    """Give a line a thing to open, below the link that follows every release: people paste it into tools."""
    return [
        f"  集市 marts      {current / 'coopzones.duckdb'}",
        f"                  {current / 'parquet'}",
        f"  页面 site       {current / 'site' / 'index.html'}",
        f"  手册 handbook   {current / 'handbook' / 'index.html'}",
        f"  数据质量文档 data docs  {current / 'data_docs' / 'index.html'}",
        f"  模型文档 dbt docs       {current / 'dbt_docs' / 'index.html'}",
        f"  清单 manifest   {current / 'manifest.json'}",
    ]


def _sources(report: NightReport) -> list[str]:
    """Give a line that says how many outside sources there are and which of them fail; without any, none."""
    outside = report.night.arrival.reception.outside
    if outside.sources.is_empty():
        return []
    failing = outside.failing(report.night.as_of.replace(tzinfo=None))
    named = f"（{'、'.join(failing)}）" if failing else ""
    return [f"来源 sources  {outside.sources.height}  失败 failing {len(failing)}{named}"]


def _warnings(report: NightReport) -> list[str]:
    """Give a line for an empty inbox, or one a ledger file that is wrong as a whole or not there any more."""
    if report.night.arrival.reception.files.is_empty():
        return ["! 收件箱是空的 the inbox is empty"]
    findings = pl.read_parquet(report.night.summary.night_folder / "findings.parquet")
    of_files = findings.filter(pl.col("submission_id").is_null() & pl.col("row_number").is_null())
    told_of_files = of_files.select("message_zh", "message_en").iter_rows()
    return [f"! {zh}\n  {en}" for zh, en in told_of_files] + _ledgers_gone(report)


def _ledgers_gone(report: NightReport) -> list[str]:
    """Give a line a ledger file that the release before was made from and that is not there any more."""
    last = report.night.last_release
    if last.number is None:
        return []
    earlier = read_manifest(report.folder.with_name(str(last.number)))
    return [
        f"! {path}：上次发布所用的台账文件已不在，其各行不再计入。\n"
        f"  {path}: the ledger file of the last release is not there any more; its rows no longer count."
        for path in ledgers_gone(earlier, report.release.manifest)
    ]


def _findings(report: NightReport) -> str:
    """Give the number of findings of the release, of those still open, and by rule."""
    findings = _rows_of(report, "quality_failures")
    still_open = findings.filter(pl.col("disposition") == "open").height
    counted = findings.group_by("rule_id").len().sort(["len", "rule_id"], descending=[True, False])
    shown = "  ".join(f"{rule} {count}" for rule, count in counted.head(RULES_SHOWN).iter_rows())
    more = counted.height - RULES_SHOWN
    rules = f"    {shown}" + (f"  (+{more})" if more > 0 else "") if shown else ""
    return f"{findings.height}  未处理 open {still_open}{rules}"


def _changes(report: NightReport) -> str:
    """Give how many things changed since the last release, and where it says why."""
    compared = report.night.last_release
    if compared.number is None:
        return "- (首次发布 there is no release before)"
    left_out = f"    ! 未比较 not compared: {', '.join(compared.left_out)}" if compared.left_out else ""
    changed = _rows_of(report, "changes_since_last_release")["change_key"].n_unique()
    why = f"    {report.folder.with_name(CURRENT) / 'site' / 'since_last_release.html'}" if changed else ""
    return f"{changed} ({compared.number} → {report.release.number}){left_out}{why}"


def _rows_of(report: NightReport, mart: str) -> pl.DataFrame:
    return pl.read_parquet(report.folder / "parquet" / f"{mart}.parquet")
