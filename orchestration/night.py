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
    from publication.last_release import LastRelease


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
    """The lake judged at one moment: ``as_of`` is aware, in Shanghai.

    ``release_number`` is that of the release that the night is going to make; ``last_release`` what it is
    compared with, as tables in ``summary.night_folder``.
    """

    arrival: Arrival
    as_of: datetime
    parameters: Mapping[str, str]
    summary: "NightSummary"
    release_number: int
    last_release: "LastRelease"

    @property
    def wall_clock(self) -> str:
        """Give ``as_of`` as the Shanghai wall clock, ISO 8601 without an offset."""
        return self.as_of.replace(tzinfo=None).isoformat()
