"""Vintages: which rows of an answer say something new, and what of what was said before is there no more.

Belongs here: comparing an answer with what its source has written so far. Does not belong here: files,
and what a moment sees (``ingestion.judging.ledgers_in_force``).

A ledger is append-only. A thing is what a row is about: the ledger's key but for the day of publication,
since a revision is the same thing published anew. What a row says of it is the rest. A row is written
only where it says something else than the newest row that the source wrote of the thing; what is gone
stays, and is told.
"""

from dataclasses import dataclass

import polars as pl

from ingestion.judging.contract import ledgers
from ingestion.judging.findings import IDENTITY_SEPARATOR
from ingestion.judging.ledger_rules import RECORDED_AT
from ingestion.sources.mapping import PUBLISHED_ON

THING = "thing"
SAID = "said"
REQUEST = "request"
IS_PRESENT = "is_present"

NOTHING = "\x00"
"""What a blank cell is in a thing and in what is said: no text of a source is that."""


@dataclass(frozen=True)
class Step:
    """What an answer changes: the rows it ``added``, the newest ``written`` after it, what it says twice.

    ``added`` has the ledger's fields but ``recorded_at``; ``written`` has besides ``thing``, ``said``, the
    ``request`` whose answer last said it, and ``is_present``, whether its newest answer still does.
    ``contradicted`` names the things of which the answer says different things: none of that is written.
    """

    added: pl.DataFrame
    written: pl.DataFrame
    contradicted: list[str]


def nothing_written(ledger: str) -> pl.DataFrame:
    """Give the frame of ``Step.written`` before any answer."""
    texts = dict.fromkeys([*written_fields(ledger), THING, SAID, REQUEST], pl.String())
    return pl.DataFrame(schema={**texts, IS_PRESENT: pl.Boolean()})


def written_fields(ledger: str) -> list[str]:
    """Give the fields of ``ledger`` that an answer fills."""
    return [field.name for field in ledgers()[ledger].fields if field.name != RECORDED_AT]


def next_step(  # noqa: PLR0913  what a step depends on
    written: pl.DataFrame,
    rows: pl.DataFrame,
    *,
    ledger: str,
    request: str,
    last_counts: bool,
    publication_is_taken: bool,
) -> Step:
    """Give what an answer to ``request`` with these ``rows`` changes of what was ``written`` before.

    ``last_counts`` tells that the rows are a ledger's own, of which the last of a thing is meant.
    ``publication_is_taken`` tells that the day of publication comes from the fetch: it never goes back
    then, or the newer figure would not count.
    """
    told = _with_thing(rows, ledger)
    contradicted: list[str] = []
    if not last_counts:
        contradicted = (
            told.group_by(THING, maintain_order=True)
            .agg(pl.col(SAID).n_unique())
            .filter(pl.col(SAID) > 1)[THING]
            .to_list()
        )
    once = told.unique(THING, keep="last", maintain_order=True).filter(~pl.col(THING).is_in(contradicted))
    added = once.join(written, on=[THING, SAID], how="anti", maintain_order="left")
    if publication_is_taken:
        added = _never_back(added, written)
    told_now = pl.col(THING).is_in(told[THING].implode())
    replaced = pl.col(THING).is_in(added[THING].implode())
    kept = written.filter(~replaced).with_columns(
        pl.when(told_now).then(pl.lit(request)).otherwise(REQUEST).alias(REQUEST),
        pl.when(told_now)
        .then(True)
        .when(pl.col(REQUEST) == request)
        .then(False)
        .otherwise(IS_PRESENT)
        .alias(IS_PRESENT),
    )
    newest = added.with_columns(pl.lit(request).alias(REQUEST), pl.lit(value=True).alias(IS_PRESENT))
    return Step(
        added.select(written_fields(ledger)),
        pl.concat([kept, newest.select(kept.columns)]),
        contradicted,
    )


def vanished(written: pl.DataFrame) -> pl.DataFrame:
    """Give the rows of ``written`` that the newest answer of their request does not say any more."""
    return written.filter(~pl.col(IS_PRESENT))


def _with_thing(rows: pl.DataFrame, ledger: str) -> pl.DataFrame:
    fields = ledgers()[ledger].fields
    key = [field.name for field in fields if field.is_key and field.name != PUBLISHED_ON]
    said = [name for name in written_fields(ledger) if name not in {*key, PUBLISHED_ON}]
    return rows.with_columns(_joined(key).alias(THING), _joined(said).alias(SAID))


def _joined(names: list[str]) -> pl.Expr:
    return pl.concat_str([pl.col(name).fill_null(NOTHING) for name in names], separator=IDENTITY_SEPARATOR)


def _never_back(added: pl.DataFrame, written: pl.DataFrame) -> pl.DataFrame:
    before = written.select(THING, before=PUBLISHED_ON)
    return (
        added.join(before, on=THING, how="left", maintain_order="left")
        .with_columns(pl.max_horizontal(PUBLISHED_ON, "before").alias(PUBLISHED_ON))
        .drop("before")
    )
