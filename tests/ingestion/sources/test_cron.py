"""Cron's five fields as their manual has them, and which source is due by them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.sources.answers import ATTEMPTS_SCHEMA
from ingestion.sources.configuration import Source
from ingestion.sources.cron import Cron
from ingestion.sources.schedule import is_due, next_due
from tests.ingestion.sources.conftest import source_text


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("schedule", "moment", "latest"),
    [
        ("0 1 * * *", "2026-03-01T01:00", "2026-03-01T01:00"),
        ("0 1 * * *", "2026-03-01T00:59", "2026-02-28T01:00"),
        ("*/15 * * * *", "2026-03-01T00:14", "2026-03-01T00:00"),
        ("5-59/20 8-18 * * *", "2026-03-01T07:00", "2026-02-28T18:45"),
        ("50/5 1 * * *", "2026-03-01T02:00", "2026-03-01T01:55"),
        ("30 9,17 * * *", "2026-03-01T12:00", "2026-03-01T09:30"),
        ("0 0 1 * *", "2026-03-31T00:00", "2026-03-01T00:00"),
        ("0 0 31 * *", "2026-03-30T00:00", "2026-01-31T00:00"),
        ("0 0 29 2 *", "2026-03-01T00:00", "2024-02-29T00:00"),
        ("0 0 29 2 *", "2103-12-31T00:00", "2096-02-29T00:00"),
        ("0 6 * * 1", "2026-03-01T12:00", "2026-02-23T06:00"),
        ("0 6 * * 0", "2026-03-01T12:00", "2026-03-01T06:00"),
        ("0 6 * * 7", "2026-03-01T12:00", "2026-03-01T06:00"),
        ("0 6 * * 5-7", "2026-02-27T12:00", "2026-02-27T06:00"),
        ("0 0 1 * 1", "2026-03-08T00:00", "2026-03-02T00:00"),
        ("0 0 1 * 1", "2026-03-01T12:00", "2026-03-01T00:00"),
        ("0 0 */2 * 1", "2026-03-10T00:00", "2026-03-09T00:00"),
    ],
)
def test_the_latest_moment_of_a_schedule(schedule: str, moment: str, latest: str) -> None:
    assert Cron.parse(schedule).latest(at(moment)) == at(latest)


@pytest.mark.parametrize(
    ("schedule", "moment", "next_one"),
    [
        ("0 1 * * *", "2026-03-01T00:59", "2026-03-01T01:00"),
        ("0 1 * * *", "2026-03-01T01:00", "2026-03-02T01:00"),
        ("0 6 * * 1", "2026-03-01T12:00", "2026-03-02T06:00"),
        ("0 0 29 2 *", "2096-02-29T00:00", "2104-02-29T00:00"),
    ],
)
def test_the_next_moment_of_a_schedule(schedule: str, moment: str, next_one: str) -> None:
    assert Cron.parse(schedule).next(at(moment)) == at(next_one)


@pytest.mark.parametrize(
    "schedule",
    [
        "",
        "0 1 * *",
        "0 1 * * * *",
        "60 1 * * *",
        "0 24 * * *",
        "0 0 0 * *",
        "0 0 32 * *",
        "0 0 * 13 *",
        "0 0 * * 8",
        "5-1 * * * *",
        "*/0 * * * *",
        "@daily",
        "0 0 * * mon",
        "-1 * * * *",
        "1,,2 * * * *",
        "0 0 30 2 *",
        "0 0 31 4,6 *",
    ],
)
def test_what_is_no_schedule(schedule: str) -> None:
    with pytest.raises(ValueError, match="\n"):
        Cron.parse(schedule)


@given(
    st.integers(0, 59),
    st.integers(0, 23),
    st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2100, 1, 1)),  # noqa: DTZ001
)
def test_a_daily_schedule_came_round_within_the_last_day(minute: int, hour: int, moment: datetime) -> None:
    latest = Cron.parse(f"{minute} {hour} * * *").latest(moment)
    assert latest is not None
    assert timedelta() <= moment - latest < timedelta(days=1)
    assert (latest.hour, latest.minute) == (hour, minute)


Load = Callable[..., tuple[Source, ...]]


def journal(*rows: tuple[str, str, str]) -> pl.DataFrame:
    """Give a journal: request, moment, outcome of attempts at the source exports."""
    return pl.DataFrame(
        [
            {"source": "exports", "request": key, "attempted_at": at(moment), "outcome": outcome}
            for key, moment, outcome in rows
        ],
        schema=ATTEMPTS_SCHEMA,
    )


@pytest.mark.parametrize(
    ("rows", "due"),
    [
        ([], True),
        ([("", "2026-03-01T01:00", "changed")], False),
        ([("", "2026-03-01T01:00", "unchanged")], False),
        ([("", "2026-03-01T00:59:59", "changed")], True),
        ([("", "2026-03-01T01:00", "failed")], True),
        ([("", "2026-03-01T01:00", "changed"), ("", "2026-03-01T01:30", "failed")], False),
        ([("2024", "2026-03-01T01:00", "changed")], True),
    ],
)
def test_a_source_is_due_until_it_has_answered(
    load: Load, rows: list[tuple[str, str, str]], *, due: bool
) -> None:
    (source,) = load(source_text("https://statistics.example.cn/"))
    assert is_due(source, journal(*rows), at("2026-03-01T02:00")) is due


def test_a_schedule_is_on_the_clock_of_shanghai(load: Load) -> None:
    (source,) = load(source_text("https://statistics.example.cn/"))
    answered = journal(("", "2026-03-01T01:00", "changed"))
    assert not is_due(source, answered, datetime(2026, 3, 1, 16, 59, tzinfo=UTC))
    assert is_due(source, answered, datetime(2026, 3, 1, 17, 0, tzinfo=UTC))


@pytest.mark.parametrize(("now", "due"), [("2026-03-01T02:59", False), ("2026-03-01T03:00", True)])
def test_a_source_that_asked_to_be_left_alone_is_not_due_before(load: Load, now: str, *, due: bool) -> None:
    (source,) = load(source_text("https://statistics.example.cn/"))
    asked_for = journal(("", "2026-03-01T00:30", "failed")).with_columns(
        leave_alone_until=at("2026-03-01T03:00")
    )
    assert is_due(source, asked_for, at(now)) is due
    assert next_due(source, asked_for, at(now)) == at("2026-03-02T01:00")
    answered_since = pl.concat([asked_for, journal(("", "2026-02-28T23:59", "changed"))])
    assert is_due(source, answered_since, at(now))


def test_what_comes_round_next_is_not_before_a_source_may_be_asked(load: Load) -> None:
    (source,) = load(source_text("https://statistics.example.cn/"))
    asked_for = journal(("", "2026-03-01T00:30", "failed")).with_columns(
        leave_alone_until=at("2026-03-02T00:30")
    )
    assert next_due(source, asked_for, at("2026-03-01T00:40")) == at("2026-03-02T01:00")
    assert next_due(source, asked_for.clear(), at("2026-03-01T00:40")) == at("2026-03-01T01:00")


def test_a_source_is_due_until_each_of_its_years_is_answered(load: Load) -> None:
    years = 'parameters = { year = "{year}" }\nyears = { first = 2023, count = 2 }'
    (source,) = load(source_text("https://statistics.example.cn/", request=years))
    one, other = ("2023", "2026-03-01T01:00", "changed"), ("2024", "2026-03-01T01:00", "unchanged")
    now = at("2026-03-01T02:00")
    assert is_due(source, journal(one), now)
    assert not is_due(source, journal(one, other), now)
