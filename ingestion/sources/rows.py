"""From the bytes of an answer to rows in a ledger's words.

Belongs here: reading, laying out and interpreting one after the other. Does not belong here: which rows
are new.
"""

from dataclasses import dataclass

import polars as pl

from ingestion.inbox_entries import STATISTICS_LEDGER
from ingestion.judging.contract import ledgers
from ingestion.judging.ledger_rules import RECORDED_AT
from ingestion.judging.values import folded, trimmed, values_of
from ingestion.reading.names import fold_name
from ingestion.sources.answers import Answer
from ingestion.sources.entries import Source
from ingestion.sources.errors import AnswerUnreadableError
from ingestion.sources.formats import Table
from ingestion.sources.interpretation import interpret

REGIONS_QUOTED = 3


@dataclass(frozen=True)
class AnswerRows:
    """The ``rows`` of an answer, the fields of a ledger but ``recorded_at`` as text, and what was ``found``.

    ``found`` (``interpretation.FOUND``) is what nobody could interpret. ``last_counts`` tells that the
    answer is a ledger itself, with moments of recording: of the rows of one thing, in their order here,
    the last is meant.
    """

    table: Table
    rows: pl.DataFrame
    found: pl.DataFrame
    last_counts: bool


def read_answer(source: Source, answer: Answer, body: bytes) -> Table:
    """Give what ``body`` says; raise ``AnswerUnreadableError`` where ``source`` can't have meant it."""
    return read_rows(source, answer, body).table


def read_rows(source: Source, answer: Answer, body: bytes) -> AnswerRows:
    """Give the rows of ``body``; raise ``AnswerUnreadableError`` as ``read_answer`` does."""
    table = source.format.read(body, answer)
    laid_out = source.mapping.lay_out(table, source.ledger, answer)
    said = interpret(laid_out, source.ledger)
    if source.ledger == STATISTICS_LEDGER and not said.names_a_region:
        regions = laid_out["region_code"].drop_nulls().unique(maintain_order=True)
        quoted = "、".join(regions.head(REGIONS_QUOTED))
        raise AnswerUnreadableError("no_known_region", quoted or "no row names a region")
    recorded = next((name for name in table.columns if fold_name(name) == RECORDED_AT), None)
    rows = said.rows if recorded is None else _in_order_of_recording(said.rows, table.frame[recorded])
    return AnswerRows(table, rows, said.found, recorded is not None)


def _in_order_of_recording(rows: pl.DataFrame, recorded: pl.Series) -> pl.DataFrame:
    """Give a ledger's ``rows`` by their own moments of recording, as a ledger of the inbox would be read."""
    moments = values_of(ledgers()["receipts"].field(RECORDED_AT), folded(trimmed(recorded)))
    return (
        rows.with_columns(moments.alias(RECORDED_AT)).sort(RECORDED_AT, maintain_order=True).drop(RECORDED_AT)
    )
