"""What a night tells the warehouse of outside sources: which are configured, and how their requests went.

Belongs here: the tables ``night/sources`` and ``night/source_attempts``. Does not belong here: asking, and
what a failing source means (dbt's rule M06).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import polars as pl

SOURCES = {
    "source": pl.String(),
    "title_zh": pl.String(),
    "title_en": pl.String(),
    "ledger": pl.String(),
    "fresh_within_days": pl.Decimal(9, 3),
    "may_fail_for_hours": pl.Decimal(9, 3),
}
SOURCE_ATTEMPTS = {
    "source": pl.String(),
    "request": pl.String(),
    "attempt_number": pl.Int64(),
    "attempted_at": pl.Datetime("us"),
    "outcome": pl.String(),
    "case_id": pl.String(),
}


@dataclass(frozen=True)
class SourcesTonight:
    """The sources that are configured and the attempts at the requests that they make now.

    ``sources`` has the columns ``SOURCES``, a row a source; ``attempts`` the columns ``SOURCE_ATTEMPTS``, a
    row an attempt, ``attempt_number`` in the order of the journal, ``attempted_at`` the Shanghai wall clock.
    """

    sources: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=SOURCES))
    attempts: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=SOURCE_ATTEMPTS))

    def tables(self, moment: datetime) -> Mapping[str, pl.DataFrame]:
        """Give the night's tables by name as they stood at ``moment`` (Shanghai wall clock)."""
        visible = self.attempts.filter(pl.col("attempted_at") <= moment)
        return {"sources": self.sources, "source_attempts": visible}
