"""From the current release to the outbox: which schedule stands, what it has to tell, and that it is raised.

What the sensors and the command line share. Does not belong here: the decision itself (``decision``), how it
is delivered (``delivery``).
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import polars as pl

from ingestion.seeds import load_seed
from publication.alerting.decision import decide
from publication.alerting.outbox import Alert, Outbox
from publication.errors import UnscheduledReleaseError
from publication.manifest import read_manifest
from publication.moments import in_shanghai
from publication.releases import current_release

SCHEDULE = Path("parquet") / "alert_schedule.parquet"


@dataclass(frozen=True)
class ReleasedSchedule:
    """The schedule of a release: the release's number, the moment it looks at (Shanghai), and its file."""

    release: int
    as_of: datetime
    path: Path

    def read(self) -> pl.DataFrame:
        """Give the rows of the mart ``alert_schedule``; raise ``UnscheduledReleaseError`` without one."""
        if not self.path.is_file():
            raise UnscheduledReleaseError(
                f"发布 {self.release} 没有提醒日程 {self.path}，由较早的版本制作；请运行一夜，制作新的发布。",
                f"Release {self.release} has no alert schedule ({self.path}): an older version made it. "
                "Run a night to make a new one.",
            )
        return pl.read_parquet(self.path)

    def looks_ahead_of(self, moment: datetime) -> bool:
        """Say whether the release looks at a later day than the moment's, so that it tells nothing."""
        return self.as_of.date() > in_shanghai(moment).date()


def current_schedule(home: Path) -> ReleasedSchedule | None:
    """Give the schedule of the current release, not read yet; ``None`` where there is no release.

    Raises ``DamagedReleaseError`` when the release's manifest can't be read.
    """
    folder = current_release(home)
    if folder is None:
        return None
    manifest = read_manifest(folder)
    return ReleasedSchedule(manifest.release_id, in_shanghai(manifest.as_of), folder / SCHEDULE)


def watched_kinds() -> dict[str, tuple[str, ...]]:
    """Give the kinds of alerts that each sensor watches, by the sensor's name (seed ``alert_kinds``)."""
    kinds = load_seed("alert_kinds").group_by("sensor", maintain_order=True).agg("kind")
    return {sensor: tuple(watched) for sensor, watched in kinds.iter_rows()}


def raise_new(  # noqa: PLR0913 - the decision's arguments, and who raises what it gives
    outbox: Outbox,
    schedule: ReleasedSchedule,
    *,
    kinds: Collection[str],
    moment: datetime,
    raised_at: datetime,
    raised_by: str,
) -> list[Alert]:
    """Put into ``outbox`` what ``schedule`` has to tell of ``kinds`` at ``moment``; give what was new.

    ``raised_at`` is the clock's moment, from which a delivery may be tried.
    """
    alerts = decide(
        schedule.read(),
        kinds=kinds,
        moment=moment,
        release_as_of=schedule.as_of,
        raised=outbox.raised_keys(),
    )
    outbox.raise_alerts(alerts, raised_at=raised_at, raised_by=raised_by)
    return alerts
