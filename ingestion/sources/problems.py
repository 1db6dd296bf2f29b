"""What is wrong with the answers of a source, from the first answer that has it to the first that has not.

Belongs here: which problems begin, go on and end with an answer. Does not belong here: finding them, and what
a row is refused for (V20).
"""

from collections.abc import Sequence
from datetime import datetime

import polars as pl

from ingestion.sources.answers import Answer
from ingestion.sources.vintages import REQUEST, THING, vanished

PROBLEMS_SCHEMA = pl.Schema(
    {
        "source": pl.String(),
        "request": pl.String(),
        "fetched_at": pl.Datetime("us"),
        "resolved_at": pl.Datetime("us"),
        "case_id": pl.String(),
        "field": pl.String(),
        "value": pl.String(),
        "row_identity": pl.String(),
    }
)
"""A row a problem: ``fetched_at`` is the moment (Shanghai) of the first answer that has it,
``resolved_at`` that of the first one that has it no more, null while it stands, so that every moment
sees what was known then. ``case_id`` is of the seed ``source_messages``; ``row_identity`` tells the row
by its key, without the day of publication, where it is of one."""

PROBLEM = ["source", "request", "case_id", "field", "value", "row_identity"]
"""What makes two problems the same."""

Found = tuple[str, str | None, str | None, str | None]
"""A problem of an answer: its case, field, value and row's identity."""

VANISHED = "vanished"
VALUE = "value"


def standing_at(problems: pl.DataFrame, moment: datetime) -> pl.DataFrame:
    """Give those of ``problems`` (``PROBLEMS_SCHEMA``) that were known at ``moment`` and not resolved yet."""
    is_resolved = (pl.col("resolved_at") <= moment).fill_null(value=False)
    return problems.filter(pl.col("fetched_at") <= moment, ~is_resolved)


def problems_after(
    before: pl.DataFrame, written: pl.DataFrame, answer: Answer, found: Sequence[Found]
) -> pl.DataFrame:
    """Give the problems after ``answer``, in which those ``found`` are, from those ``before`` it.

    ``written`` is that of ``vintages.Step`` after the answer. What other requests' answers have goes on.
    """
    is_open = pl.col("resolved_at").is_null()
    opened = before.filter(is_open)
    of_others = opened.filter(pl.col(REQUEST) != answer.request, pl.col("case_id") != VANISHED)
    own = pl.DataFrame(
        [(answer.source, answer.request, *each) for each in found],
        schema=dict.fromkeys(PROBLEM, pl.String),
        orient="row",
    )
    now = pl.concat([of_others.select(PROBLEM), own, _vanished(answer.source, written)])
    at = pl.lit(answer.fetched_at, pl.Datetime("us"))
    begun = _without(now, opened).with_columns(fetched_at=at, resolved_at=pl.lit(None, pl.Datetime("us")))
    resolved = _without(opened, now).with_columns(resolved_at=at)
    going_on = opened.join(now, on=PROBLEM, how="semi", nulls_equal=True, maintain_order="left")
    return pl.concat([before.filter(~is_open), resolved, going_on, begun.select(PROBLEMS_SCHEMA.names())])


def _without(problems: pl.DataFrame, others: pl.DataFrame) -> pl.DataFrame:
    return problems.join(others, on=PROBLEM, how="anti", nulls_equal=True, maintain_order="left")


def _vanished(source: str, written: pl.DataFrame) -> pl.DataFrame:
    """Give what was there before and is there no more, columns ``PROBLEM``."""
    has_value = VALUE in written.columns
    return vanished(written).select(
        pl.lit(source).alias("source"),
        REQUEST,
        pl.lit(VANISHED).alias("case_id"),
        pl.lit(VALUE if has_value else None, pl.String).alias("field"),
        (pl.col(VALUE) if has_value else pl.lit(None, pl.String)).alias("value"),
        pl.col(THING).alias("row_identity"),
    )
