"""Moments as a release tells them: always the clock of Asia/Shanghai, where all legal time is."""

from datetime import datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def in_shanghai(moment: datetime) -> datetime:
    """Give ``moment`` with Shanghai's offset; a moment without an offset is Shanghai's wall clock."""
    if moment.tzinfo is None:
        return moment.replace(tzinfo=SHANGHAI)
    return moment.astimezone(SHANGHAI)
