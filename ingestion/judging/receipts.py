"""When a workbook was received, and so whether a moment sees it."""

from datetime import datetime

import polars as pl

from ingestion.judging.contract import MOMENT, shaped
from ingestion.judging.ledgers_in_force import IN_FORCE
from ingestion.judging.verdicts import SUBMISSION

SUBMISSIONS = {
    SUBMISSION: pl.String(),
    "file_name": pl.String(),
    "received_at": MOMENT,
    "received_basis": pl.String(),
    "zone_sent_at": MOMENT,
    "sent_by": pl.String(),
}


def submissions_at(files: pl.DataFrame, receipts: pl.DataFrame, moment: datetime) -> pl.DataFrame:
    """Give the submissions of ``files`` (of a ``Reception``) that ``moment`` sees, a row each.

    ``receipts`` is the ledger at that moment: its row in force for the path says when the workbook was
    received; without one the time of the file counts. Of identical bytes the earliest counts, then the
    smallest path.
    """
    stated = receipts.filter(IN_FORCE).select("file_name", "received_at", "zone_sent_at", "sent_by")
    arrived = files.filter(kind="submission").join(stated, on="file_name", how="left")
    known = arrived.with_columns(
        pl.col("sha256").alias(SUBMISSION),
        pl.coalesce("received_at", "modified_at").alias("received_at"),
        pl.when(pl.col("received_at").is_null())
        .then(pl.lit("modified"))
        .otherwise(pl.lit("receipt"))
        .alias("received_basis"),
    )
    visible = known.filter(pl.col("received_at") <= moment).sort("received_at", "file_name")
    return shaped(visible.unique(SUBMISSION, keep="first", maintain_order=True), SUBMISSIONS)
