"""The renewal of the calendar, with the real packages: what stands in the seeds is what they know."""

import csv
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ingestion.calendar_renewal import (
    CALENDAR,
    HOLIDAYS,
    OVERRIDES,
    CalendarNotPublishedError,
    CalendarsDifferError,
    renew_calendar,
)
from orchestration.calendar_command import CalendarCommandError
from orchestration.command_line import app

STANDING = sorted({int(line[:4]) for line in (CALENDAR / OVERRIDES).read_text().splitlines()[1:]})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a copy of the two seeds to write to."""
    return Path(shutil.copytree(CALENDAR, tmp_path / "calendar"))


def contents(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in (OVERRIDES, HOLIDAYS)}


def keep_days(path: Path, is_kept: Callable[[str], bool], *more: str) -> None:
    """Leave the rows of the days that are kept, and ``more`` rows, in order."""
    header, *rows = path.read_text().splitlines()
    kept = sorted([row for row in rows if is_kept(row[:10])] + list(more))
    path.write_text("\n".join([header, *kept]) + "\n")


def days(folder: Path, name: str) -> list[str]:
    with (folder / name).open(encoding="utf-8", newline="") as rows:
        return [row["day_on"] for row in csv.DictReader(rows)]


def test_the_years_that_stand_are_what_both_packages_say_and_stay_byte_for_byte(folder: Path) -> None:
    renewed = renew_calendar(STANDING, folder)

    assert contents(folder) == contents(CALENDAR)
    assert [(found.year, found.is_changed) for found in renewed] == [(year, False) for year in STANDING]


def test_a_year_that_becomes_official_leaves_the_provisional_holidays(folder: Path) -> None:
    keep_days(folder / OVERRIDES, lambda day: not day.startswith("2026"))
    keep_days(folder / HOLIDAYS, lambda _: True, "2026-01-01,New Year's Day", "2026-10-01,National Day")

    renewed = renew_calendar([2026], folder)

    assert contents(folder) == contents(CALENDAR)
    assert [(found.year, found.is_changed) for found in renewed] == [(2025, False), (2026, True)]
    assert (renewed[1].days_off, renewed[1].make_up_days) == (33, 6)


def test_a_notice_that_names_days_at_the_end_of_the_year_before_renews_that_year_too(folder: Path) -> None:
    """31 December 2022 was given off by the notice for 2023."""
    keep_days(folder / OVERRIDES, lambda day: day < "2022-12-31" or day > "2023-12-31")

    renewed = renew_calendar([2023], folder)

    assert contents(folder) == contents(CALENDAR)
    assert [(found.year, found.is_changed) for found in renewed] == [(2022, True), (2023, True)]


def test_a_year_after_a_gap_does_not_make_the_year_before_it_official(folder: Path) -> None:
    """The notice for 2024 gave 30 December 2023 off, a day of a year that is not official here."""
    keep_days(folder / OVERRIDES, lambda day: day < "2022-01-01")

    renew_calendar([2024], folder)

    assert {day[:4] for day in days(folder, OVERRIDES)} == {"2021", "2024"}


def test_a_year_that_is_not_published_is_refused_in_both_languages_and_nothing_is_written(
    folder: Path,
) -> None:
    with pytest.raises(
        CalendarNotPublishedError, match=r"1999 年的放假安排(.|\n)*the calendar of 1999"
    ) as error:
        renew_calendar([2026, 1999], folder)

    assert "upgrade the package" in error.value.en
    assert contents(folder) == contents(CALENDAR)


def test_a_year_about_which_the_packages_differ_is_refused_by_day_and_nothing_is_written(
    folder: Path,
) -> None:
    """The two packages really differ about 31 December 2005."""
    with pytest.raises(CalendarsDifferError) as error:
        renew_calendar([2005, 2020], folder)

    assert "2005-12-31 休息" in error.value.zh
    assert "2005-12-31 off" in error.value.en
    assert contents(folder) == contents(CALENDAR)


def test_no_year_is_official_and_provisional_at_once() -> None:
    official = {day[:4] for day in days(CALENDAR, OVERRIDES)}

    assert official.isdisjoint(day[:4] for day in days(CALENDAR, HOLIDAYS))


def test_the_command_says_why_it_refuses_and_ends_with_2() -> None:
    refused = CliRunner().invoke(app, ["calendar", "1999"]).exception

    assert isinstance(refused, CalendarCommandError)
    assert refused.exit_code == 2
    assert "1999 年" in str(refused)


def test_the_command_tells_what_stands_unchanged() -> None:
    told = CliRunner().invoke(app, ["calendar", "2026"])

    assert told.exit_code == 0
    assert "2026  未变 unchanged  放假 days off 33  调休上班 make-up days 6" in told.output
