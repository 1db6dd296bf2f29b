"""What a night tells the warehouse of outside sources: which are configured, and how their requests went.

Belongs here: the tables ``night/source…``. Does not belong here: asking, and what of it is a finding (dbt's
rules M06 and M07).
"""

from collections.abc import Callable, Mapping
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
SOURCE_PROBLEMS = {
    "source": pl.String(),
    "request": pl.String(),
    "fetched_at": pl.Datetime("us"),
    "case_id": pl.String(),
    "field": pl.String(),
    "value": pl.String(),
    "row_identity": pl.String(),
    "resolved_at": pl.Datetime("us"),
}
ANSWERS = {
    "path": pl.String(),
    "kind": pl.String(),
    "sha256": pl.String(),
    "size_bytes": pl.Int64(),
}


def _no_rows(schema: Mapping[str, pl.DataType]) -> Callable[[], pl.DataFrame]:
    return lambda: pl.DataFrame(schema=schema)


@dataclass(frozen=True)
class SourcesTonight:
    """The sources that are configured, the attempts at the requests that they make now, and what is wrong.

    ``sources`` has the columns ``SOURCES``, a row a source; ``attempts`` the columns ``SOURCE_ATTEMPTS``, a
    row an attempt, ``attempt_number`` in the order of the journal; ``problems`` the columns
    ``SOURCE_PROBLEMS``, a row a problem from the answer that brought it to the one that it was gone with;
    ``answers`` the columns ``ANSWERS``, a row a raw answer of the archive, for the release to name. Moments
    are on Shanghai's clock.
    """

    sources: pl.DataFrame = field(default_factory=_no_rows(SOURCES))
    attempts: pl.DataFrame = field(default_factory=_no_rows(SOURCE_ATTEMPTS))
    problems: pl.DataFrame = field(default_factory=_no_rows(SOURCE_PROBLEMS))
    answers: pl.DataFrame = field(default_factory=_no_rows(ANSWERS))

    def tables(self, moment: datetime) -> Mapping[str, pl.DataFrame]:
        """Give the night's tables by name as they stood at ``moment`` (Shanghai wall clock)."""
        from ingestion.sources.problems import standing_at  # noqa: PLC0415 (receiving alone needs none of it)

        return {
            "sources": self.sources,
            "source_attempts": self.attempts.filter(pl.col("attempted_at") <= moment),
            "source_problems": standing_at(self.problems, moment).drop("resolved_at"),
        }

    def failing(self, moment: datetime) -> list[str]:
        """Give the names of the sources of which, at ``moment``, the newest attempt at a request failed."""
        newest = (
            self.attempts.filter(pl.col("attempted_at") <= moment)
            .group_by("source", "request")
            .agg(pl.col("outcome").sort_by("attempt_number").last())
        )
        failed = set(newest.filter(outcome="failed")["source"])
        return [name for name in self.sources["source"] if name in failed]
