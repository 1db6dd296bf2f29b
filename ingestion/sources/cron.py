"""The five fields of a cron schedule, on one wall clock: Shanghai's, which knows no summer time.

Belongs here: reading a schedule, its latest moment at or before another and its next one after it. Does not
belong here: what is due (``schedule``); Dagster reads the same five fields for its page.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

FIELDS = (
    ("minute", 0, 59),
    ("hour", 0, 23),
    ("day of the month", 1, 31),
    ("month", 1, 12),
    ("weekday", 0, 7),
)
"""The fields in order, with their smallest and largest number; weekdays 0 and 7 are Sunday."""

PART = re.compile(r"(?:\*|(?P<first>\d{1,2})(?:-(?P<last>\d{1,2}))?)(?:/(?P<step>\d{1,2}))?")

LONGEST_GAP = 8 * 366
"""Days: 29 February comes back after eight years at the latest (2096 to 2104)."""


@dataclass(frozen=True)
class Cron:
    """A schedule: the numbers that each field allows."""

    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    either_day: bool
    """Both kinds of day are restricted: then, as cron has it, one of them is enough."""

    @classmethod
    def parse(cls, text: str) -> "Cron":
        """Read ``text``: numbers, ``*``, ranges, steps and lists; raise ``ValueError`` where it is none.

        A schedule of which no moment ever comes (31 February) is none.
        """
        fields = text.split()
        if len(fields) != len(FIELDS):
            raise ValueError("应为五个以空格分隔的字段，如 0 1 * * *\nexpected five fields such as 0 1 * * *")
        minutes, hours, days, months, weekdays = (
            _numbers(field, *limits) for field, limits in zip(fields, FIELDS, strict=True)
        )
        cron = cls(
            minutes,
            hours,
            days,
            months,
            frozenset(number % 7 for number in weekdays),
            either_day=not (fields[2].startswith("*") or fields[4].startswith("*")),
        )
        if cron.latest(datetime(2104, 12, 31, 23, 59)) is None:  # noqa: DTZ001 (a wall clock)
            raise ValueError("没有任何日期符合\nno day is ever like that")
        return cron

    def latest(self, moment: datetime) -> datetime | None:
        """Give the last minute of the schedule at or before ``moment``, wall clocks without an offset."""
        for back in range(LONGEST_GAP + 1):
            day = moment.date() - timedelta(days=back)
            if self._is_on(day):
                times = (time(hour, minute) for hour in self.hours for minute in self.minutes)
                at = [datetime.combine(day, clock) for clock in times]
                if earlier := [one for one in at if one <= moment]:
                    return max(earlier)
        return None

    def next(self, moment: datetime) -> datetime | None:
        """Give the first minute of the schedule after ``moment``, both wall clocks without an offset."""
        for ahead in range(LONGEST_GAP + 1):
            day = moment.date() + timedelta(days=ahead)
            if self._is_on(day):
                times = (time(hour, minute) for hour in self.hours for minute in self.minutes)
                at = [datetime.combine(day, clock) for clock in times]
                if later := [one for one in at if one > moment]:
                    return min(later)
        return None

    def _is_on(self, day: date) -> bool:
        if day.month not in self.months:
            return False
        on_day, on_weekday = day.day in self.days, day.isoweekday() % 7 in self.weekdays
        return (on_day or on_weekday) if self.either_day else (on_day and on_weekday)


def _numbers(field: str, name: str, smallest: int, largest: int) -> frozenset[int]:
    return frozenset(number for part in field.split(",") for number in _part(part, name, smallest, largest))


def _part(part: str, name: str, smallest: int, largest: int) -> range:
    match = PART.fullmatch(part)
    if match is None:
        raise ValueError(f"时间表的字段不可用（{name}）\nthe field for the {name} can't be read")
    first = int(match["first"] or smallest)
    reaches_end = match["first"] is None or (match["step"] is not None and match["last"] is None)
    last = largest if reaches_end else int(match["last"] or first)
    step = int(match["step"] or 1)
    if not smallest <= first <= last <= largest or step == 0:
        raise ValueError(
            f"时间表的字段（{name}）应在 {smallest} 至 {largest} 之间"
            f"\nthe field for the {name} goes from {smallest} to {largest}"
        )
    return range(first, last + 1, step)
