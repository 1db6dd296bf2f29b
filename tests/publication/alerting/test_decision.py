"""What is told at a moment: on its day, once, never early, never "missing" from an older release."""

from datetime import date, datetime, time, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from publication.alerting.decision import decide
from publication.moments import SHANGHAI

SCHEMA = {
    "alert_key": pl.String,
    "kind": pl.String,
    "stage": pl.String,
    "subject": pl.String,
    "zone_id": pl.String,
    "authority_code": pl.String,
    "audiences": pl.String,
    "due_on": pl.Date,
    "raises_on": pl.Date,
    "lapses_on": pl.Date,
    "needs_release_of_the_day": pl.Boolean,
    "message_zh": pl.String,
    "message_en": pl.String,
}
KINDS = ("report_due", "missing_report", "change_filing")
FIRST = date(2027, 3, 1)


def stage(key: str = "k", **columns: Any) -> dict[str, Any]:
    """Give a row of the schedule: told on 31 March 2027 and never taken over, unless told otherwise."""
    row: dict[str, Any] = dict.fromkeys(SCHEMA)
    row |= {"alert_key": key, "kind": "report_due", "stage": "T-1", "subject": "HZ1|2026"}
    row |= {"zone_id": "HZ21020001", "authority_code": "210200", "audiences": "zone,authority"}
    row |= {"due_on": date(2027, 3, 31), "raises_on": date(2027, 3, 31), "needs_release_of_the_day": False}
    return row | {"message_zh": "报送", "message_en": "send"} | columns


def schedule(*rows: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=SCHEMA)


def at(day: date, clock: time = time(9), **options: Any) -> dict[str, Any]:
    """Give the arguments of a decision on ``day`` from a release of the same day."""
    moment = datetime.combine(day, clock, SHANGHAI)
    return {"kinds": KINDS, "moment": moment, "release_as_of": moment, "raised": frozenset()} | options


def keys(alerts: list[Any]) -> list[str]:
    return [alert.alert_key for alert in alerts]


def test_an_alert_carries_the_row_of_the_schedule() -> None:
    [alert] = decide(schedule(stage(audiences="zone, authority:440300,ministry")), **at(date(2027, 3, 31)))
    assert alert.audiences == ("zone", "authority:440300", "ministry")
    assert (alert.zone_id, alert.authority_code, alert.due_on) == ("HZ21020001", "210200", date(2027, 3, 31))
    assert (alert.message_zh, alert.message_en) == ("报送", "send")


@pytest.mark.parametrize(
    ("day", "clock", "is_told"),
    [
        pytest.param(date(2027, 3, 30), time(23, 59, 59), False, id="the last second of the day before"),
        pytest.param(date(2027, 3, 31), time(0), True, id="the first second of its day"),
        pytest.param(date(2027, 4, 1), time(23, 59, 59), True, id="the last second before it lapses"),
        pytest.param(date(2027, 4, 2), time(0), False, id="the day the next stage takes over"),
    ],
)
def test_a_stage_is_told_from_its_day_until_the_next_one_takes_over(
    day: date, clock: time, is_told: bool
) -> None:
    rows = schedule(stage(lapses_on=date(2027, 4, 2)))
    assert bool(decide(rows, **at(day, clock))) is is_told


def test_the_day_is_shanghais_whatever_the_offset_of_the_moment() -> None:
    rows = schedule(stage())
    in_london = datetime.fromisoformat("2027-03-30T17:00:00+01:00")
    assert decide(rows, **at(date(2027, 3, 31), moment=in_london)) != []
    assert decide(rows, **at(date(2027, 3, 30), moment=in_london - timedelta(seconds=1))) == []


@pytest.mark.parametrize(
    ("release_day", "is_told"),
    [
        pytest.param(date(2027, 3, 30), False, id="a release of the day before"),
        pytest.param(date(2027, 3, 31), True, id="a release of its day"),
        pytest.param(date(2027, 4, 3), True, id="a later release"),
    ],
)
def test_missing_is_told_only_from_a_release_of_that_day_or_later(release_day: date, is_told: bool) -> None:
    rows = schedule(stage(needs_release_of_the_day=True))
    release = datetime.combine(release_day, time(2), SHANGHAI)
    assert bool(decide(rows, **at(date(2027, 4, 3), release_as_of=release))) is is_told


def test_a_reminder_before_the_due_day_is_told_from_an_older_release_too() -> None:
    older = datetime(2027, 3, 1, 2, tzinfo=SHANGHAI)
    assert decide(schedule(stage()), **at(date(2027, 3, 31), release_as_of=older)) != []


def test_a_release_that_looks_ahead_tells_nothing() -> None:
    ahead = datetime(2027, 4, 1, 0, tzinfo=SHANGHAI)
    assert decide(schedule(stage()), **at(date(2027, 3, 31), release_as_of=ahead)) == []


def test_a_moment_without_an_offset_is_shanghais_wall_clock() -> None:
    naive = datetime(2027, 3, 31)  # noqa: DTZ001
    assert decide(schedule(stage()), **at(date(2027, 3, 31), moment=naive, release_as_of=naive)) != []


days = st.integers(min_value=0, max_value=40).map(lambda count: FIRST + timedelta(days=count))


@st.composite
def schedules(draw: st.DrawFn) -> pl.DataFrame:
    rows = []
    for number in range(draw(st.integers(min_value=0, max_value=12))):
        raises_on = draw(days)
        lasts = draw(st.none() | st.integers(min_value=0, max_value=20))
        rows.append(
            stage(
                key=f"k{number}",
                kind=draw(st.sampled_from(KINDS)),
                raises_on=raises_on,
                lapses_on=None if lasts is None else raises_on + timedelta(days=lasts),
                needs_release_of_the_day=draw(st.booleans()),
            )
        )
    return schedule(*rows)


moments = st.builds(
    lambda day, seconds: datetime.combine(day, time(), SHANGHAI) + timedelta(seconds=seconds),
    days,
    st.integers(min_value=0, max_value=86_399),
)
quick = settings(max_examples=60, deadline=None)


@quick
@given(rows=schedules(), moment=moments, release_as_of=moments)
def test_after_raising_what_was_decided_there_is_nothing_more_to_tell(
    rows: pl.DataFrame, moment: datetime, release_as_of: datetime
) -> None:
    first = keys(decide(rows, kinds=KINDS, moment=moment, release_as_of=release_as_of, raised=[]))
    assert decide(rows, kinds=KINDS, moment=moment, release_as_of=release_as_of, raised=first) == []


@quick
@given(rows=schedules(), moment=moments, release_as_of=moments, raised=st.sets(st.sampled_from(["k0", "k3"])))
def test_what_was_raised_takes_away_itself_and_nothing_else(
    rows: pl.DataFrame, moment: datetime, release_as_of: datetime, raised: set[str]
) -> None:
    whole = keys(decide(rows, kinds=KINDS, moment=moment, release_as_of=release_as_of, raised=[]))
    less = keys(decide(rows, kinds=KINDS, moment=moment, release_as_of=release_as_of, raised=raised))
    assert less == [key for key in whole if key not in raised]


@quick
@given(rows=schedules(), moment=moments, release_as_of=moments)
def test_no_stage_is_told_before_its_day_or_after_it_lapsed(
    rows: pl.DataFrame, moment: datetime, release_as_of: datetime
) -> None:
    told = keys(decide(rows, kinds=KINDS, moment=moment, release_as_of=release_as_of, raised=[]))
    stages = {row["alert_key"]: row for row in rows.iter_rows(named=True)}
    for key in told:
        assert stages[key]["raises_on"] <= moment.date()
        assert stages[key]["lapses_on"] is None or moment.date() < stages[key]["lapses_on"]
        assert not stages[key]["needs_release_of_the_day"] or release_as_of.date() >= stages[key]["raises_on"]


@quick
@given(rows=schedules(), moment=moments, release_as_of=moments)
def test_each_kind_is_decided_by_itself(
    rows: pl.DataFrame, moment: datetime, release_as_of: datetime
) -> None:
    arguments: dict[str, Any] = {"moment": moment, "release_as_of": release_as_of, "raised": []}
    apart = [key for kind in KINDS for key in keys(decide(rows, kinds=[kind], **arguments))]
    assert sorted(apart) == keys(decide(rows, kinds=KINDS, **arguments))


@quick
@given(rows=schedules(), moment=moments, older=moments, newer=moments)
def test_a_newer_release_with_the_same_schedule_tells_no_less(
    rows: pl.DataFrame, moment: datetime, older: datetime, newer: datetime
) -> None:
    older, newer = sorted([min(older, moment), min(newer, moment)])
    arguments: dict[str, Any] = {"kinds": KINDS, "moment": moment, "raised": []}
    before = keys(decide(rows, release_as_of=older, **arguments))
    assert set(before) <= set(keys(decide(rows, release_as_of=newer, **arguments)))


@quick
@given(rows=schedules())
def test_nights_without_a_gap_tell_each_stage_once_and_on_its_day(rows: pl.DataFrame) -> None:
    raised: dict[str, date] = {}
    for count in range(80):
        day = FIRST + timedelta(days=count)
        for key in keys(decide(rows, **at(day, raised=frozenset(raised)))):
            assert key not in raised
            raised[key] = day
    told = rows.filter(pl.col("lapses_on").is_null() | (pl.col("lapses_on") > pl.col("raises_on")))
    assert raised == dict(told.select("alert_key", "raises_on").iter_rows())
