"""The figures of receiving (seed ``inbox_limits``); words for what is not taken (``inbox_messages``)."""

from dataclasses import dataclass
from functools import cache
from typing import Self

import polars as pl

from ingestion.seeds import load_seed


@dataclass(frozen=True)
class InboxLimits:
    """How long, how often and how much at once; the seed tells what each is for."""

    quiet_seconds: float
    copies_at_once: int
    connect_seconds: float
    answer_seconds: float
    attempts: int
    first_wait_seconds: float
    longest_wait_seconds: float
    breaks_a_night: int

    @classmethod
    @cache
    def of_the_seed(cls) -> Self:
        """Give the figures of the seed."""
        rows = load_seed("inbox_limits").select("limit_name", "value").iter_rows()
        return cls(**{name: int(value) for name, value in rows})


@dataclass(frozen=True)
class Reason:
    """Why a file is not taken: ``case_id`` of ``inbox_messages``, in Chinese and English."""

    case_id: str
    zh: str
    en: str

    @classmethod
    def of(cls, case_id: str, detail: str = "") -> "Reason":
        """Give the words for ``case_id``; ``detail`` is a name or the place's own word."""
        row = load_seed("inbox_messages").row(by_predicate=pl.col("case_id") == case_id, named=True)
        return cls(case_id, row["message_zh"].format(detail=detail), row["message_en"].format(detail=detail))

    def and_then(self, case_id: str) -> "Reason":
        """Give this reason with the words for ``case_id`` after it."""
        more = Reason.of(case_id)
        return Reason(self.case_id, self.zh + more.zh, self.en + more.en)

    def __str__(self) -> str:
        return f"{self.zh} / {self.en}"
