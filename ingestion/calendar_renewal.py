"""Renewal of the working-day calendar: the seeds of ``dbt_project/seeds/calendar`` (Art. 10, 11).

Belongs here: taking a year's days from ``chinesecalendar``, holding them against ``holidays``, writing the
two files. Counting belongs to dbt. Both packages come with the extra ``calendar``; a night needs neither.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.metadata import version
from pathlib import Path

import polars as pl

from ingestion.errors import IngestionError
from ingestion.seeds import SEEDS

CALENDAR = SEEDS / "calendar"
OVERRIDES = "working_day_overrides.csv"
HOLIDAYS = "statutory_holidays.csv"


class CalendarError(IngestionError):
    """The calendar can't be renewed; nothing was written."""


class CalendarPackagesMissingError(CalendarError):
    """The packages of the extra ``calendar`` are not installed."""


class CalendarNotPublishedError(CalendarError):
    """``chinesecalendar`` lacks the year: it is not published, or the package is older than the notice."""


class CalendarsDifferError(CalendarError):
    """The two packages differ about some day of the year."""


@dataclass(frozen=True)
class RenewedYear:
    """What the calendar now says of a year: days off, working weekend days, whether that is news."""

    year: int
    days_off: int
    make_up_days: int
    is_changed: bool


def renew_calendar(years: Iterable[int], folder: Path = CALENDAR) -> list[RenewedYear]:
    """Write the official days of ``years`` into the two seeds in ``folder``; give each year written.

    The notice of a year may name days at the end of the year before, so that an official year before one of
    ``years`` is renewed with it. A year that becomes official leaves the provisional statutory holidays.
    Raises ``CalendarError`` before anything is written.
    """
    overrides = _read(folder / OVERRIDES)
    holidays = _read(folder / HOLIDAYS)
    official = set(overrides["day_on"].str.head(4).cast(pl.Int64))
    asked = set(years)
    asked |= {year - 1 for year in asked} & official
    published = {year: published_days(year) for year in sorted(asked)}
    for year, days in published.items():
        hold_against_holidays(year, days)
    renewed = pl.concat([_without(overrides, asked), *published.values()]).sort("day_on")
    _write(renewed, folder / OVERRIDES)
    _write(_without(holidays, asked), folder / HOLIDAYS)
    return [_summary(year, days, overrides) for year, days in published.items()]


def published_days(year: int) -> pl.DataFrame:
    """Give a year's days off and working weekend days by ``chinesecalendar``, in order.

    Columns are texts: day_on (ISO 8601), kind (off, work), holiday. Raises ``CalendarNotPublishedError`` when
    the package lacks the year.
    """
    try:
        from chinese_calendar import constants  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise _packages_missing(error) from error
    if date(year, 1, 1) not in constants.holidays:
        known = f"{min(constants.holidays).year}–{max(constants.holidays).year}"
        package = f"chinesecalendar {version('chinesecalendar')}"
        raise CalendarNotPublishedError(
            f"{package} 尚无 {year} 年的放假安排（已有 {known}）。请待国务院办公厅公布、该库更新后升级再试。",
            f"{package} does not have the calendar of {year} yet (it has {known}). Once the State Council "
            "has published it and the package has followed, upgrade the package and try again.",
        )
    kinds = {"off": constants.holidays, "work": constants.workdays}
    rows = [
        {"day_on": day.isoformat(), "kind": kind, "holiday": str(name)}
        for kind, days in kinds.items()
        for day, name in days.items()
        if day.year == year
    ]
    return pl.DataFrame(rows).sort("day_on")


def hold_against_holidays(year: int, days: pl.DataFrame) -> None:
    """Raise ``CalendarsDifferError`` with the days of ``year`` that ``holidays`` judges unlike ``days``."""
    try:
        from holidays import China  # noqa: PLC0415  (a quarter of a second)
    except ModuleNotFoundError as error:
        raise _packages_missing(error) from error
    other = China(years=year)
    kinds = dict(days.select("day_on", "kind").iter_rows())
    differing = [
        day
        for day in _days_of(year)
        if (kinds.get(day.isoformat(), _usual_kind(day)) == "work") != other.is_working_day(day)
    ]
    if not differing:
        return
    named_zh = "；".join(f"{day} {'休息' if other.is_working_day(day) else '上班'}" for day in differing)
    named_en = "; ".join(f"{day} {'off' if other.is_working_day(day) else 'working'}" for day in differing)
    packages = f"chinesecalendar {version('chinesecalendar')}, holidays {version('holidays')}"
    raise CalendarsDifferError(
        f"{year} 年的日历两库不一致，未作改动（{packages}）。chinesecalendar 为：{named_zh}，holidays 相反。"
        "请对照国务院办公厅的通知，升级有误的库后再试。",
        f"The packages differ about {year}, nothing was changed ({packages}). By chinesecalendar: "
        f"{named_en}; by holidays the opposite. Compare the State Council's notice, upgrade the package that "
        "is wrong and try again.",
    )


def _usual_kind(day: date) -> str:
    return "work" if day.isoweekday() <= 5 else "off"


def _days_of(year: int) -> list[date]:
    first, last = date(year, 1, 1), date(year, 12, 31)
    return [first + timedelta(days) for days in range((last - first).days + 1)]


def _packages_missing(error: ModuleNotFoundError) -> CalendarPackagesMissingError:
    return CalendarPackagesMissingError(
        f"缺少 Python 包 {error.name}。请安装附加组件：pip install 'coopzones[calendar]'",
        f"The Python package {error.name} is missing. Install the extra: pip install 'coopzones[calendar]'",
    )


def _read(path: Path) -> pl.DataFrame:
    return pl.read_csv(path, infer_schema=False)


def _without(days: pl.DataFrame, years: set[int]) -> pl.DataFrame:
    return days.filter(~pl.col("day_on").str.head(4).cast(pl.Int64).is_in(sorted(years)))


def _write(days: pl.DataFrame, path: Path) -> None:
    written = days.write_csv().encode()
    if written != path.read_bytes():
        beside = path.with_suffix(".renewed")
        beside.write_bytes(written)
        beside.replace(path)


def _summary(year: int, days: pl.DataFrame, before: pl.DataFrame) -> RenewedYear:
    kinds = days["kind"]
    stood = before.filter(pl.col("day_on").str.starts_with(f"{year}-"))
    return RenewedYear(
        year=year,
        days_off=int((kinds == "off").sum()),
        make_up_days=int((kinds == "work").sum()),
        is_changed=not stood.equals(days),
    )
