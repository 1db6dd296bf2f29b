"""Answers of outside sources and the journal of the attempts to get them.

Belongs here: what an answer and an attempt are, and ``archive/answers.parquet``. Does not belong here: asking
(``fetching``) and what an answer says (``formats``).
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import polars as pl

from ingestion.archive import Archive
from ingestion.inbox import SHANGHAI

Outcome = Literal["changed", "unchanged", "failed"]

ATTEMPTS_SCHEMA = pl.Schema(
    {
        "source": pl.String(),
        "request": pl.String(),
        "attempted_at": pl.Datetime("us"),
        "outcome": pl.String(),
        "case_id": pl.String(),
        "detail": pl.String(),
        "status": pl.Int64(),
        "tries": pl.Int64(),
        "leave_alone_until": pl.Datetime("us"),
        "asked": pl.String(),
        "url": pl.String(),
        "fetched_at": pl.Datetime("us"),
        "sha256": pl.String(),
        "size_bytes": pl.Int64(),
        "media_type": pl.String(),
        "charset": pl.String(),
        "headers": pl.String(),
    }
)
"""One row an attempt. From ``fetched_at`` on it is the answer that the attempt left or confirmed, of a failed
one the answer that was archived although it could not be used, null when nothing arrived; ``headers`` are a
JSON object. ``leave_alone_until``: the moment before which the source asked not to be asked again. ``asked``
is the SHA-256 of what was asked, secrets aside: other questions have other answers."""


@dataclass(frozen=True)
class Answer:
    """What a source answered to one of its requests; the bytes are in the archive under ``sha256``.

    ``request`` is the request's short key: the year it asks for, or the first and last one, or nothing.
    ``fetched_at`` is the wall clock of Shanghai. ``media_type`` is lower-case and without parameters, empty
    when the source stated none. ``charset`` is the encoding that the bytes are in, ``utf-8`` (with or without
    a byte-order mark) or ``gb18030``; empty when the format is not text. ``headers`` have lower-case names.
    Secrets are struck out of ``headers`` and ``url``.
    """

    source: str
    request: str
    fetched_at: datetime
    sha256: str
    size_bytes: int
    media_type: str = ""
    charset: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    url: str = ""


@dataclass(frozen=True)
class Attempt:
    """What came of asking for one request of a source, all tries of the night together.

    ``outcome`` is changed (new bytes, which can be read), unchanged (the same as before) or failed;
    ``case_id`` says why it failed (seed ``source_messages``), ``detail`` in a library's own words, secrets
    struck out. ``status`` is the last HTTP status, null when there was none. ``answer`` is what the attempt
    left or confirmed, ``rejected`` what arrived and was archived although it could not be used.
    ``leave_alone_until``, ``asked`` and ``url`` are as in ``ATTEMPTS_SCHEMA``.
    """

    source: str
    request: str
    attempted_at: datetime
    outcome: Outcome
    case_id: str | None = None
    detail: str = ""
    status: int | None = None
    tries: int = 1
    leave_alone_until: datetime | None = None
    answer: Answer | None = None
    rejected: Answer | None = None
    asked: str = ""
    url: str = ""


def wall_clock(moment: datetime) -> datetime:
    """Give ``moment`` on Shanghai's clock, without an offset; without one it is Shanghai's already."""
    return moment.astimezone(SHANGHAI).replace(tzinfo=None) if moment.tzinfo else moment


def attempts(home: Path) -> pl.DataFrame:
    """Give every attempt of the journal below ``home``, columns of ``ATTEMPTS_SCHEMA``, oldest first."""
    path = _journal(home)
    return pl.read_parquet(path) if path.exists() else pl.DataFrame(schema=ATTEMPTS_SCHEMA)


def answers(home: Path, source: str) -> tuple[Answer, ...]:
    """Give every answer of ``source`` that brought new bytes which can be read, oldest first."""
    mine = attempts(home).filter(pl.col("source") == source, pl.col("outcome") == "changed")
    return tuple(answer_of(row) for row in mine.iter_rows(named=True))


def newest(journal: pl.DataFrame, source: str, request: str) -> dict[str, Any] | None:
    """Give the newest row of ``journal`` in which ``request`` of ``source`` was answered, or None."""
    answered = journal.filter(
        pl.col("source") == source, pl.col("request") == request, pl.col("outcome") != "failed"
    )
    return answered.row(-1, named=True) if answered.height else None


def answer_of(row: Mapping[str, Any]) -> Answer:
    """Give the answer that the ``row`` of the journal tells."""
    told = {name: row[name] for name in ("source", "request", "fetched_at", "sha256", "size_bytes")}
    texts = {name: row[name] for name in ("media_type", "charset", "url")}
    return Answer(**told, **texts, headers=json.loads(row["headers"]))


def add_attempts(archive: Archive, made: Iterable[Attempt]) -> None:
    """Add ``made`` to the journal, in one step; only one at a time may do so."""
    rows = pl.DataFrame([_row(attempt) for attempt in made], schema=ATTEMPTS_SCHEMA, orient="row")
    archive.write_table(pl.concat([attempts(archive.home), rows]), _journal(archive.home))


def _journal(home: Path) -> Path:
    return home / "archive" / "answers.parquet"


def _row(attempt: Attempt) -> tuple[Any, ...]:
    kept = attempt.answer or attempt.rejected
    told = (
        (kept.fetched_at, kept.sha256, kept.size_bytes, kept.media_type, kept.charset, _headers(kept))
        if kept
        else (None,) * 6
    )
    return (
        attempt.source,
        attempt.request,
        attempt.attempted_at,
        attempt.outcome,
        attempt.case_id,
        attempt.detail,
        attempt.status,
        attempt.tries,
        attempt.leave_alone_until,
        attempt.asked,
        attempt.url,
        *told,
    )


def _headers(answer: Answer) -> str:
    return json.dumps(dict(answer.headers), ensure_ascii=False, sort_keys=True)
