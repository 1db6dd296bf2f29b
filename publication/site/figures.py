"""Numbers as people read them: exact, without trailing zeros, with their unit's thousands kept apart."""

from datetime import date, datetime
from decimal import Decimal

NOTHING = "—"
"""What stands where a mart says null."""


def figure(number: Decimal | int | None) -> str:
    """Give ``number`` exactly: no rounding, no trailing zeros, thousands apart."""
    if number is None:
        return NOTHING
    written = f"{Decimal(number):,f}"
    return written.rstrip("0").rstrip(".") if "." in written else written


def day(moment: date | None) -> str:
    """Give the day of ``moment``."""
    return NOTHING if moment is None else f"{moment:%Y-%m-%d}"


def clock(moment: datetime | None) -> str:
    """Give ``moment`` as people write it, to the second."""
    return NOTHING if moment is None else f"{moment:%Y-%m-%d %H:%M:%S}"


def row_ranges(row_numbers: list[int]) -> str:
    """Give ``row_numbers`` as ranges: 2, 3, 4, 7 is ``2–4, 7``."""
    ranges: list[list[int]] = []
    for number in sorted(row_numbers):
        if ranges and number == ranges[-1][-1] + 1:
            ranges[-1][1:] = [number]
        else:
            ranges.append([number])
    return ", ".join("–".join(map(str, ends)) for ends in ranges)
