"""What one step of the night hands to the next, beside the files of ``docs/lake.md``."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

    from ingestion.judging.night import NightSummary
    from ingestion.receive import Reception
    from ingestion.sources.tonight import SourcesTonight


@dataclass(frozen=True)
class OutsideSources:
    """What outside sources have brought so far: rows of ``Reception.files``, and how the sources stand.

    It holds no secret: Dagster keeps it in a file.
    """

    files: "pl.DataFrame"
    tonight: "SourcesTonight"


@dataclass(frozen=True)
class Arrival:
    """The files of tonight, and when the night began (aware, Shanghai)."""

    reception: "Reception"
    started_at: datetime


@dataclass(frozen=True)
class JudgedNight:
    """The lake judged at one moment: ``as_of`` is aware, in Shanghai."""

    arrival: Arrival
    as_of: datetime
    parameters: Mapping[str, str]
    summary: "NightSummary"

    @property
    def wall_clock(self) -> str:
        """Give ``as_of`` as the Shanghai wall clock, ISO 8601 without an offset."""
        return self.as_of.replace(tzinfo=None).isoformat()
