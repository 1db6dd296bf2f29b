"""S06: the report year against the year in which the workbook was received, so judged at the moment."""

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from ingestion.judging.checks import RuleCheck, failing
from ingestion.judging.contract import COVER, limits, workbook_tables
from ingestion.judging.findings import findings_of
from ingestion.judging.readings import FILE, ROW, load_pairs, open_reading
from ingestion.judging.roster_rules import REPORT_YEAR
from ingestion.judging.verdicts import SUBMISSION
from ingestion.reading.lake import reading_folder

RECEIVED_AT = pl.col("received_at")


def judge_report_years(submissions: pl.DataFrame, covers: pl.DataFrame, home: Path) -> pl.DataFrame:
    """Give the findings of S06: ``submissions`` as the moment sees them, ``covers`` their verdicts."""
    received = covers.join(submissions.select(SUBMISSION, "received_at"), on=SUBMISSION).rename(
        {SUBMISSION: FILE}
    )
    checks = _checks()
    failures = failing(received, checks)
    late = received[failures["index"]][FILE].to_list()
    placed = received.drop(ROW).join(_key_rows(late, home), on=FILE, how="left", maintain_order="left")
    return findings_of(placed, failures, checks, workbook_tables()[COVER])


def _checks() -> list[RuleCheck]:
    year, latest, earliest = pl.col(REPORT_YEAR), RECEIVED_AT.dt.year() - 1, limits()["earliest_report_year"]
    details = {"latest_year": latest, "received_on": RECEIVED_AT.dt.date()}
    return [
        RuleCheck("S06", "not_yet_over", REPORT_YEAR, year <= latest, details, year),
        RuleCheck("S06", "too_early", REPORT_YEAR, year >= earliest, {"limit": pl.lit(earliest)}, year),
    ]


def _key_rows(submission_ids: Sequence[str], home: Path) -> pl.DataFrame:
    """Give the row of each cover in which the report year stands; only where it is wrong, so of few."""
    cover = workbook_tables()[COVER]
    readings = [
        open_reading(sha256, reading_folder(home, sha256, "submission"))
        for sha256 in dict.fromkeys(submission_ids)
    ]
    pairs = load_pairs([(reading, reading.sheets_of(cover)[0]) for reading in readings], cover)
    return pairs.filter(field=REPORT_YEAR).select(FILE, ROW)
