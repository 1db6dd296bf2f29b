"""Which sources are due: their schedules held against the journal of attempts.

Belongs here: the answer to "is it due". Does not belong here: how a schedule is read (``cron``), who asks.
"""

from datetime import datetime

import polars as pl

from ingestion.sources.answers import wall_clock
from ingestion.sources.cron import Cron
from ingestion.sources.entries import Source
from ingestion.sources.request import questions


def is_due(source: Source, attempts: pl.DataFrame, now: datetime) -> bool:
    """Say whether one of the requests of ``source`` was not answered since its schedule last came round.

    ``attempts`` is the journal, ``now`` a moment, Shanghai's where it tells no offset. A source that failed
    stays due; the next night asks it again, whatever its schedule says, unless it asked to be left alone.
    """
    moment = wall_clock(now)
    came_round = Cron.parse(source.schedule).latest(moment)
    mine = attempts.filter(pl.col("source") == source.name)
    if _left_alone_until(mine, moment) is not None:
        return False
    answered = mine.filter(pl.col("outcome") != "failed", pl.col("attempted_at") >= came_round)
    return not {question.key for question in questions(source)} <= set(answered["request"])


def next_due(source: Source, attempts: pl.DataFrame, now: datetime) -> datetime | None:
    """Give when the schedule of ``source`` comes round next (Shanghai), not before it may be asked again."""
    moment = wall_clock(now)
    mine = attempts.filter(pl.col("source") == source.name)
    return Cron.parse(source.schedule).next(_left_alone_until(mine, moment) or moment)


def _left_alone_until(mine: pl.DataFrame, moment: datetime) -> datetime | None:
    """Give until when the source's newest attempt asks to leave it alone; ``None`` when it may be asked."""
    waiting = mine.tail(1).filter(pl.col("leave_alone_until") > moment)["leave_alone_until"]
    return waiting.item() if waiting.len() else None
