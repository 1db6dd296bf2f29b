"""Asset checks: what pandera and Great Expectations said, as Dagster shows it.

Rules S and V are one check each on ``lake``: they warn and never block, because a rejected workbook or a
quarantined row is reported in a release and never stops it. Expectations are one step over the marts; those
of severity error block. Rules Q and M are among them, one check each on ``quality_failures``, and only warn.
dbt's tests become checks by themselves. Does not belong here: judging.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import dagster as dg
import polars as pl

from expectations.catalogue import read_catalogue
from ingestion.progress import Progress
from ingestion.seeds import load_seed
from orchestration.home import Home
from orchestration.night import JudgedNight

if TYPE_CHECKING:
    from expectations.verdict import ExpectationVerdict

ROWS_SHOWN = 20
FINDING_COLUMNS = (
    "file_name",
    "sheet",
    "row_number",
    "field",
    "value",
    "expected",
    "message_zh",
    "message_en",
)
LAKE_SEVERITIES = ("S", "V")
MARTS = "marts."
# An expectation about the lake, the night's ledgers or the last release stands on this mart.
WHOLE_NIGHT = "submissions"


def lake_rules() -> pl.DataFrame:
    """Give the rules that judge a file, a row, a cell (columns of the seed ``quality_rules``)."""
    return load_seed("quality_rules").filter(pl.col("severity").is_in(LAKE_SEVERITIES))


def rule_check_specs() -> list[dg.AssetCheckSpec]:
    """Give one check a rule S or V on ``lake``, named by the rule's id."""
    return [
        dg.AssetCheckSpec(
            name=rule["rule_id"],
            asset="lake",
            blocking=False,
            description=f"{rule['what_must_hold']} → {rule['on_failure']}",
            metadata={"sheet_or_ledger": rule["sheet_or_ledger"] or "", "fields": rule["fields"] or ""},
        )
        for rule in lake_rules().iter_rows(named=True)
    ]


def judge_findings(night: JudgedNight) -> list[dg.AssetCheckResult]:
    """Give the result of every rule S and V: passed without findings, else a warning that counts them."""
    counts = dict(night.summary.findings_by_rule.select("rule_id", "findings").iter_rows())
    examples = first_findings(night.summary.judged_folder, night.summary.night_folder)
    return [
        dg.AssetCheckResult(
            check_name=rule_id,
            asset_key="lake",
            passed=not counts.get(rule_id),
            severity=dg.AssetCheckSeverity.WARN,
            metadata={
                "findings": counts.get(rule_id, 0),
                **({"first": bounded_table(examples[rule_id])} if rule_id in examples else {}),
            },
        )
        for rule_id in lake_rules()["rule_id"]
    ]


def first_findings(judged: Path, night: Path) -> dict[str, pl.DataFrame]:
    """Give, a rule, the first findings about tonight's submissions and ledgers, as officers read them."""
    submissions = pl.read_parquet(night / "submissions.parquet", columns=["submission_id", "file_name"])
    files = [judged / submission / "findings.parquet" for submission in submissions["submission_id"]]
    findings = (
        pl.scan_parquet([*files, night / "findings.parquet"])
        .group_by("rule_id", maintain_order=True)
        .head(ROWS_SHOWN)
        .join(submissions.lazy(), on="submission_id", how="left", maintain_order="left")
        .select("rule_id", *FINDING_COLUMNS)
        .collect()
    )
    return {
        str(rule): rows.drop("rule_id")
        for (rule,), rows in findings.partition_by("rule_id", as_dict=True).items()
    }


def expectation_check_specs() -> list[dg.AssetCheckSpec]:
    """Give one check an expectation, on the mart that it is about; those of severity error block."""
    return [
        dg.AssetCheckSpec(
            name=expected.name,
            asset=expectation_asset(expected.table),
            blocking=expected.severity == "error",
            description=f"{expected.description_zh} / {expected.description_en}",
            metadata={"table": expected.table, **({"article": expected.article} if expected.article else {})},
            additional_deps=["lake"],
        )
        for expected in read_catalogue()
    ]


def expectation_asset(table_name: str) -> str:
    """Give the mart whose asset carries the check of an expectation over ``table_name`` (schema.table)."""
    return table_name.removeprefix(MARTS) if table_name.startswith(MARTS) else WHOLE_NIGHT


@dg.multi_asset_check(
    name="expectations",
    specs=expectation_check_specs(),
    can_subset=True,
    description="整体评判：Great Expectations 对仓库的结论 / The verdict on the warehouse, with Data Docs.",
)
def expectations(
    context: dg.AssetCheckExecutionContext,
    lake: JudgedNight,
    home: dg.ResourceParam[Home],
    progress: dg.ResourceParam[Progress],
) -> Iterator[dg.AssetCheckResult]:
    """Judge the warehouse as a whole; an expectation that errs crashes the step."""
    from expectations.verdict import judge_warehouse  # noqa: PLC0415 (seconds of import)
    from publication.releases import current_release  # noqa: PLC0415

    progress.step("评判 judge the whole (Great Expectations)")
    verdict = judge_warehouse(
        home.warehouse,
        judged=lake.summary.judged_folder,
        night=lake.summary.night_folder,
        previous_release=current_release(home.root),
        data_docs=home.data_docs,
    )
    if not (verdict.blocking or context.is_subset):
        home.verdict.touch()
    tables = {expected.name: expected.table for expected in read_catalogue()}
    for result in verdict.results:
        asset = expectation_asset(tables[result.name])
        if dg.AssetCheckKey(dg.AssetKey(asset), result.name) in context.selected_asset_check_keys:
            yield expectation_result(result, asset)


def expectation_result(verdict: "ExpectationVerdict", asset: str) -> dg.AssetCheckResult:
    """Give the check's result, with what was seen and some of the rows that failed."""
    is_error = verdict.severity == "error"
    return dg.AssetCheckResult(
        check_name=verdict.name,
        asset_key=asset,
        passed=verdict.passed,
        severity=dg.AssetCheckSeverity.ERROR if is_error else dg.AssetCheckSeverity.WARN,
        description=f"{verdict.description_zh} / {verdict.description_en}",
        metadata={
            "observed": verdict.observed,
            **(
                {
                    "failing_rows": bounded_table(verdict.failing_rows),
                    "first_rows": rows_in_words(verdict.failing_rows),
                }
                if verdict.failing_rows.height
                else {}
            ),
        },
    )


def rows_in_words(rows: pl.DataFrame, longest: int = 400) -> str:
    """Give the first rows as one line for the terminal, cut at ``longest`` characters."""
    told = "; ".join(
        ", ".join(f"{name}={value}" for name, value in row.items() if value is not None)
        for row in rows.head(ROWS_SHOWN).iter_rows(named=True)
    )
    return told if len(told) <= longest else told[: longest - 1] + "…"


def bounded_table(rows: pl.DataFrame, limit: int = ROWS_SHOWN) -> dg.TableMetadataValue:
    """Give at most ``limit`` rows as a table of texts for Dagster's page."""
    shown = rows.head(limit).select(pl.all().cast(pl.String, strict=False).fill_null(""))
    return dg.MetadataValue.table(
        records=[dg.TableRecord(record) for record in shown.iter_rows(named=True)],
        schema=dg.TableSchema(
            columns=[dg.TableColumn(name) for name in shown.columns] or [dg.TableColumn("-")]
        ),
    )
