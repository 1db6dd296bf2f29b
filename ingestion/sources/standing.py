"""How a source stands: when it last answered, what fails of it and why, when it is due.

Belongs here: reading the journal of attempts for people and for the night. Does not belong here: what of it
is a finding at some moment (dbt's rule M06).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

import polars as pl

from ingestion.judging.contract import shaped
from ingestion.seeds import load_seed
from ingestion.sources.answers import answers, attempts
from ingestion.sources.configuration import Source, Sources
from ingestion.sources.request import questions
from ingestion.sources.schedule import is_due, next_due
from ingestion.sources.tonight import (
    ANSWERS,
    SOURCE_ATTEMPTS,
    SOURCE_PROBLEMS,
    SOURCES,
    SourcesTonight,
)

SOURCES_FOLDER = "sources"
ALL = "all"
"""What stands for the request of a source that is asked for everything at once."""


@dataclass(frozen=True)
class Standing:
    """One source at a moment, by its newest attempts at the requests that it makes now.

    ``newest`` has a row a request that was tried: ``request``, ``attempted_at``, ``outcome``, ``case_id``,
    ``detail``. ``succeeded_at`` is when all of its requests were last answered, the earliest of them; None
    when one never was. ``next_at`` is when its schedule comes round again. Moments are on Shanghai's clock.
    """

    source: Source
    newest: pl.DataFrame
    succeeded_at: datetime | None
    is_due: bool
    next_at: datetime | None

    @property
    def attempted_at(self) -> datetime | None:
        """When it was last asked."""
        tried = self.newest["attempted_at"].to_list()
        return max(tried) if tried else None

    @property
    def failing(self) -> pl.DataFrame:
        """The rows of ``newest`` that failed."""
        return self.newest.filter(outcome="failed")

    @property
    def reasons(self) -> list[str]:
        """A line a request that fails: why, in both languages, and in a library's own words."""
        rows = self.failing.iter_rows(named=True)
        return [reason(row["request"], row["case_id"], row["detail"]) for row in rows]


def reason(request: str, case_id: str, detail: str) -> str:
    """Give a line that says why ``request`` failed."""
    zh, en = _wording()[case_id]
    return f"{request} {zh} / {en} ({detail})".lstrip()


@cache
def _wording() -> dict[str, tuple[str, str]]:
    rows = load_seed("source_messages").select("case_id", "message_zh", "message_en").iter_rows()
    return {case_id: (zh, en) for case_id, zh, en in rows}


def standings(sources: Sources, home: Path, now: datetime) -> tuple[Standing, ...]:
    """Give how each of ``sources`` stands by the journal below ``home``, in the order of the file."""
    journal = attempts(home)
    return tuple(_standing(source, journal, now) for source in sources.entries)


def _standing(source: Source, journal: pl.DataFrame, now: datetime) -> Standing:
    keys = [question.key for question in questions(source)]
    mine = _asked_now(journal, source.name, keys)
    newest = mine.group_by("request", maintain_order=True).last()
    answered = mine.filter(pl.col("outcome") != "failed").group_by("request").last()
    return Standing(
        source=source,
        newest=newest.select("request", "attempted_at", "outcome", "case_id", "detail"),
        succeeded_at=min(answered["attempted_at"]) if answered.height == len(keys) > 0 else None,
        is_due=is_due(source, journal, now),
        next_at=next_due(source, journal, now),
    )


def _asked_now(journal: pl.DataFrame, source: str, keys: Sequence[str]) -> pl.DataFrame:
    """Give the attempts at the requests that ``source`` makes now: others are nobody's concern any more."""
    return journal.filter(pl.col("source") == source, pl.col("request").is_in(keys))


def sources_tonight(sources: Sources, home: Path, problems: pl.DataFrame) -> SourcesTonight:
    """Give what the night tells the warehouse of ``sources`` and of the ``problems`` of their answers."""
    journal = attempts(home).with_row_index("attempt_number")
    asked = [
        _asked_now(journal, source.name, [question.key for question in questions(source)])
        for source in sources.entries
    ]
    expected = [
        (
            source.name,
            source.title_zh,
            source.title_en,
            source.ledger,
            source.fresh_within_days,
            source.may_fail_for_hours,
        )
        for source in sources.entries
    ]
    names = list(SOURCES)
    return SourcesTonight(
        sources=shaped(pl.DataFrame(expected, schema=names, orient="row", strict=False), SOURCES),
        attempts=shaped(pl.concat([journal.clear(), *asked]), SOURCE_ATTEMPTS),
        problems=shaped(problems, SOURCE_PROBLEMS),
        answers=shaped(_answers(sources, home), ANSWERS),
    )


def _answers(sources: Sources, home: Path) -> pl.DataFrame:
    """Give every raw answer that ``sources`` are translated from, named by where it comes from."""
    rows = [
        (
            f"{SOURCES_FOLDER}/{each.source}/answers/{each.request or ALL}/{each.fetched_at:%Y%m%dT%H%M%S}",
            "answer",
            each.sha256,
            each.size_bytes,
        )
        for source in sources.entries
        for each in answers(home, source.name)
    ]
    return pl.DataFrame(rows, schema=list(ANSWERS), orient="row", infer_schema_length=None)
