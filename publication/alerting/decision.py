"""What is to be told at a moment: a pure function of a release's schedule, the moment, and what was raised.

Does not belong here: when a stage is due (the mart ``alert_schedule``), who is reached and how (delivery).
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

import polars as pl

from publication.alerting.outbox import Alert
from publication.moments import in_shanghai

COLUMNS = (
    "alert_key",
    "kind",
    "stage",
    "zone_id",
    "authority_code",
    "audiences",
    "due_on",
    "message_zh",
    "message_en",
)


def decide(
    schedule: pl.DataFrame,
    *,
    kinds: Collection[str],
    moment: datetime,
    release_as_of: datetime,
    raised: Collection[str],
) -> list[Alert]:
    """Give the alerts of ``kinds`` to be raised at ``moment``, in the order of their keys.

    ``schedule`` has the columns of the mart ``alert_schedule``; ``release_as_of`` is the moment that its
    release looks at, ``raised`` the keys of what was raised before. A stage is told from its ``raises_on`` to
    the day before its ``lapses_on``; one that ``needs_release_of_the_day`` only from a release of that day or
    later. A release that looks at a later day than the moment's is a look ahead and tells nothing.
    """
    day, seen_on = in_shanghai(moment).date(), in_shanghai(release_as_of).date()
    if seen_on > day:
        return []
    told = schedule.filter(
        pl.col("kind").is_in(list(kinds))
        & (pl.col("raises_on") <= day)
        & (pl.col("lapses_on").is_null() | (pl.col("lapses_on") > day))
        & (~pl.col("needs_release_of_the_day") | (pl.col("raises_on") <= seen_on))
        & ~pl.col("alert_key").is_in(list(raised))
    )
    return [_alert(row) for row in told.select(COLUMNS).sort("alert_key").iter_rows(named=True)]


def _alert(row: dict[str, Any]) -> Alert:
    audiences = tuple(part.strip() for part in row["audiences"].split(","))
    return Alert(**{**row, "audiences": audiences})
