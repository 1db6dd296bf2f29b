"""The laws of counting working days, over the calendar as it was built (contract: "Working days")."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import duckdb
import pytest
from chinese_calendar import is_workday
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.seeds import load_seed

FIRST, LAST = date(2025, 2, 1), date(2026, 12, 31)
"""Days to count from; the calendar of the project's moment, mid-2026, reaches from 2025 to 2027."""

days = st.dates(FIRST, LAST)
numbers = st.integers(0, 80)

Count = Callable[[date, date], tuple[int, str]]
Reach = Callable[[date, int], date | None]


REACHED = """
select {{ day_reached('started', 'reached') }}
from {{ ref('int_days_counted') }} as started
left join {{ ref('int_days_counted') }} as reached
    on {{ is_working_day_after('reached', 'started', '$number') }}
where started.day_on = $day
"""
COUNTED = """
select {{ working_days_between('first', 'last') }}, {{ calendar_basis('first', 'last') }}
from {{ ref('int_days_counted') }} as first
cross join {{ ref('int_days_counted') }} as last
where first.day_on = $first and last.day_on = $last
"""


@pytest.fixture(scope="module")
def queries(project: Any) -> dict[str, str]:
    """Give the two counts as SQL; made before the warehouse is opened, which dbt opens too."""
    return {"reached": project.sql(REACHED), "counted": project.sql(COUNTED)}


@pytest.fixture(scope="module")
def warehouse(project: Any, queries: dict[str, str]) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give the warehouse, opened once ``queries`` are made."""
    assert queries
    with duckdb.connect(str(project.warehouse), read_only=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def working(warehouse: duckdb.DuckDBPyConnection) -> dict[date, bool]:
    """Give every day of the calendar and whether it is a working day."""
    rows = warehouse.execute("select day_on, is_working_day from intermediate.int_days_counted").fetchall()
    return dict(rows)


@pytest.fixture(scope="module")
def reach(queries: dict[str, str], warehouse: duckdb.DuckDBPyConnection) -> Reach:
    """Give a function that takes a day and a number to the day that many working days after it."""

    def run(day: date, number: int) -> date | None:
        row = warehouse.execute(queries["reached"], {"day": day, "number": number}).fetchone()
        assert row
        return row[0]  # type: ignore[no-any-return]

    return run


@pytest.fixture(scope="module")
def count(queries: dict[str, str], warehouse: duckdb.DuckDBPyConnection) -> Count:
    """Give a function that counts the working days from one day to another and names the calendar's basis."""

    def run(first: date, last: date) -> tuple[int, str]:
        row = warehouse.execute(queries["counted"], {"first": first, "last": last}).fetchone()
        assert row
        return (row[0], row[1])

    return run


def days_after(first: date, last: date) -> list[date]:
    return [first + timedelta(number) for number in range(1, (last - first).days + 1)]


def test_the_calendar_holds_every_day_of_its_years_once(working: dict[date, bool]) -> None:
    assert sorted(working) == days_after(date(2024, 12, 31), date(2027, 12, 31))


def test_a_published_year_is_the_state_councils(working: dict[date, bool]) -> None:
    official = {day: is_working for day, is_working in working.items() if day <= LAST}

    assert official == {day: is_workday(day) for day in official}


def test_an_unpublished_year_is_monday_to_friday_less_the_holidays_known(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    """A year is official by a row of the State Council's calendar, whatever else is known of it."""
    published = {day[:4] for day in load_seed("working_day_overrides")["day_on"]}
    holidays = set(load_seed("statutory_holidays")["day_on"])

    rows = warehouse.execute(
        "select day_on, is_working_day, is_official from intermediate.int_days_counted"
    ).fetchall()

    assert [day for day, _, is_official in rows if is_official != (str(day)[:4] in published)] == []
    assert [
        day
        for day, is_working, is_official in rows
        if not is_official and is_working != (day.isoweekday() <= 5 and str(day) not in holidays)
    ] == []


@given(days, numbers)
@settings(max_examples=200, deadline=None)
def test_the_nth_working_day_after_a_day_has_n_working_days_up_to_it(
    working: dict[date, bool], reach: Reach, day: date, number: int
) -> None:
    reached = reach(day, number)

    assert reached is not None
    assert sum(working[after] for after in days_after(day, reached)) == number
    assert working[reached] if number else reached == day


@given(days, days)
@settings(max_examples=200, deadline=None)
def test_working_days_between_are_those_after_the_earlier_up_to_the_later(
    working: dict[date, bool], count: Count, first: date, last: date
) -> None:
    earlier, later = min(first, last), max(first, last)
    counted = sum(working[after] for after in days_after(earlier, later))

    assert count(first, last)[0] == (counted if first <= last else -counted)


@given(days, st.dates(FIRST, date(2027, 12, 31)))
@settings(max_examples=200, deadline=None)
def test_a_count_is_official_when_every_day_after_the_first_is(
    warehouse: duckdb.DuckDBPyConnection, count: Count, first: date, last: date
) -> None:
    earlier, later = min(first, last), max(first, last)
    crossed = (
        "select bool_and(is_official) from intermediate.int_days_counted where day_on > ? and day_on <= ?"
    )
    is_official = warehouse.execute(crossed, [earlier, later]).fetchone()[0]

    assert count(earlier, later)[1] == ("provisional" if is_official is False else "official")


def test_a_day_beyond_the_calendar_is_not_reached(reach: Reach) -> None:
    assert reach(LAST, 400) is None
