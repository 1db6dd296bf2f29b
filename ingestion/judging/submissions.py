"""The verdict on workbooks: all S and V rules over many files at once, in one pass.

Belongs here: the order in which a workbook is judged, and the tables that come of it. Does not belong here:
the rules, and S06, which depends on the moment (``night``).
"""

from collections.abc import Sequence

import polars as pl

from ingestion.judging.checks import failing
from ingestion.judging.contract import COVER, ROSTER, Table, row_tables, shaped, workbook_tables
from ingestion.judging.cover_rules import judge_covers, read_covers
from ingestion.judging.findings import IDENTITY_SEPARATOR, findings_of, sort_findings
from ingestion.judging.readings import FILE, ROW, TEXT, FileReading, load_rows, read_values
from ingestion.judging.roster_rules import REPORT_YEAR, SUBMISSION_TYPE
from ingestion.judging.rule_set import RuleSet
from ingestion.judging.share_rules import judge_shares
from ingestion.judging.sheet_rules import row_checks
from ingestion.judging.structure import look_at_structure
from ingestion.judging.values import shown
from ingestion.judging.verdicts import QUARANTINE, ROW_COUNTS, SUBMISSION
from ingestion.seeds import load_seed

RULE_IDS = "rule_ids"


def judge_workbooks(readings: Sequence[FileReading], rules: RuleSet) -> dict[str, pl.DataFrame]:
    """Give the tables of the verdicts on ``readings``, by name, as ``verdicts.verdict_schemas`` has them."""
    file_ids = [reading.file_id for reading in readings]
    structure = look_at_structure(readings)
    covers = read_covers(file_ids, structure)
    rows, findings = {}, [structure.findings, judge_covers(covers)]
    for table in row_tables():
        judged, found = _judge_rows(table, load_rows(table, structure.sheets[table.name]), covers)
        rows[table.name] = judged
        findings.append(found)
    opened = [reading.file_id for reading in readings if reading.refusal is None]
    roster = rows[ROSTER].with_columns(is_quarantined=pl.col(RULE_IDS).is_not_null())
    findings.append(judge_shares(covers.filter(pl.col(FILE).is_in(opened)), roster, rules.shares_allowed))
    all_findings = sort_findings(pl.concat(findings))
    counts = _row_counts(file_ids, rows)
    return {
        COVER: _covers(covers, counts, all_findings),
        **{table.name: _accepted(rows[table.name]) for table in row_tables()},
        "quarantine": pl.concat([_quarantined(table, rows[table.name]) for table in row_tables()]),
        "extras": structure.extras,
        "row_counts": counts,
        "findings": all_findings,
    }


def _judge_rows(table: Table, cells: pl.DataFrame, covers: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Give the rows of ``table`` with values and ``rule_ids`` (null when accepted), and the findings."""
    context = covers.select(FILE, SUBMISSION_TYPE, REPORT_YEAR)
    rows = read_values(cells, table.fields).join(context, on=FILE, how="left", maintain_order="left")
    checks = row_checks(table)
    failures = failing(rows, checks, table.schema)
    rule_ids = pl.Series([check.rule_id for check in checks], dtype=pl.String)
    broken = (
        failures.select("index", rule_id=rule_ids.gather(failures["check"]))
        .unique()
        .sort("rule_id")
        .group_by("index")
        .agg(pl.col("rule_id").str.join(",").alias(RULE_IDS))
    )
    judged = rows.with_row_index("index").join(broken, on="index", how="left", maintain_order="left")
    return judged.drop("index"), findings_of(rows, failures, checks, table, _identity(table))


def _identity(table: Table) -> pl.Expr:
    """Give what tells a row of ``table`` from others: uscc and year of the roster, else all its cells."""
    if table.name == ROSTER:
        year = pl.coalesce(pl.col("year").cast(pl.String), shown(pl.col("year" + TEXT)))
        parts = [shown(pl.col("uscc" + TEXT)), year]
    else:
        parts = [shown(pl.col(field.name + TEXT)) for field in table.fields]
    return pl.concat_str([part.fill_null("") for part in parts], separator=IDENTITY_SEPARATOR)


def _accepted(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.filter(pl.col(RULE_IDS).is_null()).rename({FILE: SUBMISSION})


def _quarantined(table: Table, rows: pl.DataFrame) -> pl.DataFrame:
    cells = pl.struct(shown(pl.col(field.name + TEXT)).alias(field.header) for field in table.fields)
    quarantined = rows.filter(pl.col(RULE_IDS).is_not_null())
    told = quarantined.select(
        pl.col(FILE).alias(SUBMISSION),
        pl.col(ROW),
        pl.lit(table.name).alias("table_name"),
        pl.lit(table.title).alias("sheet"),
        pl.col(RULE_IDS),
        cells.struct.json_encode().alias("cells"),
    )
    return shaped(told, QUARANTINE)


def _row_counts(file_ids: Sequence[str], rows: dict[str, pl.DataFrame]) -> pl.DataFrame:
    files = pl.DataFrame({SUBMISSION: pl.Series(file_ids, dtype=pl.String)})
    counted = [
        files.join(
            rows[table.name]
            .group_by(pl.col(FILE).alias(SUBMISSION))
            .agg(rows_read=pl.len(), rows_accepted=pl.col(RULE_IDS).is_null().sum()),
            on=SUBMISSION,
            how="left",
        ).with_columns(pl.col("rows_read", "rows_accepted").fill_null(0), table_name=pl.lit(table.name))
        for table in row_tables()
    ]
    whole = pl.concat(counted).with_columns(
        rows_quarantined=pl.col("rows_read") - pl.col("rows_accepted"), row_number=pl.lit(None, pl.Int64)
    )
    return shaped(whole, ROW_COUNTS)


def _covers(covers: pl.DataFrame, counts: pl.DataFrame, findings: pl.DataFrame) -> pl.DataFrame:
    rejecting = load_seed("quality_rules").filter(severity="S")["rule_id"]
    rejected = findings.filter(pl.col("rule_id").is_in(rejecting.to_list()))[SUBMISSION]
    roster = counts.filter(table_name=ROSTER).select(
        SUBMISSION, roster_rows="rows_read", quarantined_rows="rows_quarantined"
    )
    fields = [field.name for field in workbook_tables()[COVER].fields]
    return (
        covers.select(pl.col(FILE).alias(SUBMISSION), pl.lit(None, pl.Int64).alias(ROW), *fields)
        .join(roster, on=SUBMISSION, how="left", maintain_order="left")
        .with_columns(is_rejected=pl.col(SUBMISSION).is_in(rejected.unique().to_list()))
    )
