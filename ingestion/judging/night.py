"""The night: what a moment sees of submissions and ledgers, and what it finds in them.

Belongs here: ``judge_night``, the way into judging: judge what has no verdict yet, then resolve receipts and
ledgers at the moment of evaluation and write the tables of ``night/``. Does not belong here: the rules.
"""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl

from ingestion.judging.contract import COVER
from ingestion.judging.findings import FINDING, sort_findings
from ingestion.judging.ledgers_in_force import COUNTS, LEDGER_EXTRAS, LedgerAtMoment, ledger_at
from ingestion.judging.new_verdicts import judge_new_submissions, ledgers_judged
from ingestion.judging.receipts import submissions_at
from ingestion.judging.report_year_rule import judge_report_years
from ingestion.judging.rule_set import rules_in_force
from ingestion.judging.values import SHANGHAI
from ingestion.judging.verdicts import EMPTY, SUBMISSION, judged_folder
from ingestion.progress import Progress
from ingestion.receive import Reception
from ingestion.seeds import load_seed


@dataclass(frozen=True)
class NightSummary:
    """What judging tells of a night.

    ``submissions`` are those that the moment sees, ``rejected`` those of them that an S rule rejects;
    ``newly_judged`` counts tonight's verdicts. ``findings_by_rule`` has ``rule_id``, ``severity`` and
    ``findings``, a row a rule that found something; ``rows_read`` and ``rows_quarantined`` count the rows of
    all sheets of the visible submissions.
    """

    rules_version: str
    judged_folder: Path
    night_folder: Path
    submissions: int
    newly_judged: int
    findings_by_rule: pl.DataFrame
    rows_read: int
    rows_quarantined: int
    rejected: int


def judge_night(
    reception: Reception, home: Path, *, as_of: datetime, parameters: Mapping[str, str], progress: Progress
) -> NightSummary:
    """Judge what ``reception`` brought and write ``night/`` below ``home`` as ``docs/lake.md`` describes it.

    ``as_of`` is the moment of evaluation, in Shanghai unless it has an offset; ``parameters`` are those that
    differ from their default. Raises ``ParameterError`` when one of them can't be used.
    """
    moment = as_of if as_of.tzinfo is None else as_of.astimezone(ZoneInfo(SHANGHAI)).replace(tzinfo=None)
    rules = rules_in_force(parameters)
    newly_judged = judge_new_submissions(reception.files, home, rules, progress)
    progress.step("ledgers")
    ledgers = {
        table.name: ledger_at(table, files, verdicts, moment)
        for table, files, verdicts in ledgers_judged(reception.files, home, rules)
    }
    submissions = submissions_at(reception.files, ledgers["receipts"].rows, moment)
    judged = judged_folder(home, rules.version)
    covers, counts, of_files = (
        _verdicts(judged, name, submissions[SUBMISSION]) for name in (COVER, "row_counts", "findings")
    )
    of_report_years = judge_report_years(submissions, covers, home)
    findings = pl.concat(
        [
            pl.DataFrame(schema=FINDING),
            sort_findings(of_report_years),
            *(each.findings for each in ledgers.values()),
        ]
    )
    rejected = covers.filter(pl.col("is_rejected"))[SUBMISSION].append(of_report_years[SUBMISSION])
    return NightSummary(
        rules_version=rules.version,
        judged_folder=judged,
        night_folder=_write_night(home, submissions, ledgers, findings, reception.outside.tables(moment)),
        submissions=submissions.height,
        newly_judged=newly_judged,
        findings_by_rule=_by_rule(pl.concat([of_files, findings])),
        rows_read=int(counts["rows_read"].sum()),
        rows_quarantined=int(counts["rows_quarantined"].sum()),
        rejected=rejected.n_unique(),
    )


def _verdicts(judged: Path, name: str, submission_ids: pl.Series) -> pl.DataFrame:
    return pl.read_parquet([judged / each / f"{name}.parquet" for each in (EMPTY, *submission_ids)])


def _by_rule(findings: pl.DataFrame) -> pl.DataFrame:
    severities = load_seed("quality_rules").select("rule_id", "severity")
    counted = findings.group_by("rule_id").agg(findings=pl.len().cast(pl.Int64))
    return severities.join(counted, on="rule_id", maintain_order="left")


def _write_night(
    home: Path,
    submissions: pl.DataFrame,
    ledgers: Mapping[str, LedgerAtMoment],
    findings: pl.DataFrame,
    outside: Mapping[str, pl.DataFrame],
) -> Path:
    """Write the night beside the last one and put it in its place."""
    night, built, last = home / "night", home / "night.new", home / "night.old"
    for leftover in (built, last):
        shutil.rmtree(leftover, ignore_errors=True)
    (built / "ledgers").mkdir(parents=True)
    tables = {
        "submissions": submissions,
        "ledger_counts": pl.concat(
            [pl.DataFrame(schema=COUNTS), *(each.counts for each in ledgers.values())]
        ),
        "ledger_extras": pl.concat(
            [pl.DataFrame(schema=LEDGER_EXTRAS), *(each.extras for each in ledgers.values())]
        ),
        "findings": findings,
        **outside,
        **{f"ledgers/{name}": each.rows for name, each in ledgers.items()},
    }
    for name, table in tables.items():
        table.write_parquet(built / f"{name}.parquet", compression="lz4", statistics=False)
    if night.exists():
        night.rename(last)
    built.rename(night)
    shutil.rmtree(last, ignore_errors=True)
    return night
