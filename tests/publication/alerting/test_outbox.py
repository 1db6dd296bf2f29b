"""The outbox: raised once, kept whole, safe between processes, and honest about what is still to be sent."""

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from publication.alerting.errors import OutboxUnusableError
from publication.alerting.outbox import Alert, Composition, Message, Outbox, RaisedAlert

AT = datetime(2026, 4, 1, tzinfo=UTC)


def composed(outbox: Outbox, *messages: Message, at: datetime = AT) -> None:
    outbox.compose(lambda _: Composition(messages, ()), at=at)


def message(
    key: str = "1", recipient: str = "r", at: datetime = AT, alert_keys: tuple[str, ...] = ()
) -> Message:
    return Message(key, recipient, "subject", "正文", at, alert_keys)


def test_an_alert_is_raised_once(outbox: Outbox, alert: Callable[..., Alert]) -> None:
    again = alert(message_zh="别的话")
    assert outbox.raise_alerts([alert(), again], raised_at=AT, raised_by="missing_reports") == 1
    assert outbox.raise_alerts([again], raised_at=AT, raised_by="somebody") == 0
    (raised,) = outbox.alerts()
    assert raised.alert == alert()
    assert (raised.raised_at, raised.raised_by) == (AT, "missing_reports")
    assert outbox.raised_keys() == {alert().alert_key}


def test_an_alert_without_zone_authority_and_due_day_comes_back_as_it_was(
    outbox: Outbox, alert: Callable[..., Alert]
) -> None:
    bare = alert(None, authority_code=None, due_on=None, audiences=())
    outbox.raise_alerts([bare], raised_at=AT, raised_by="x")
    assert [raised.alert for raised in outbox.alerts()] == [bare]


def test_everything_stays_when_the_outbox_is_opened_anew(tmp_path: Path, alert: Callable[..., Alert]) -> None:
    with Outbox.open(tmp_path) as outbox:
        outbox.raise_alerts([alert()], raised_at=AT, raised_by="x")
        composed(outbox, message(alert_keys=(alert().alert_key,)))
    with Outbox.open(tmp_path) as outbox:
        (raised,) = outbox.alerts()
        assert raised.recipients == {"r"}
        found = outbox.next_message("r", AT)
        assert found == (message(), 0)


def test_nothing_is_to_be_tried_in_an_empty_outbox(outbox: Outbox) -> None:
    assert outbox.next_attempt_at() is None


def test_a_raised_alert_is_due_at_once_a_failed_message_when_it_may_be_tried_a_delivered_one_never(
    outbox: Outbox, alert: Callable[..., Alert]
) -> None:
    outbox.raise_alerts([alert()], raised_at=AT, raised_by="x")
    assert outbox.next_attempt_at() == AT
    composed(outbox, message())
    later = AT + timedelta(minutes=5)
    outbox.record_failed(message(), at=AT, reason="HTTP 500", next_attempt_at=later)
    assert outbox.next_attempt_at() == later
    assert outbox.next_message("r", later - timedelta(microseconds=1)) is None
    assert outbox.next_message("r", later) == (message(), 1)
    outbox.record_delivered(message(), at=later)
    assert outbox.next_attempt_at() is None
    assert outbox.undelivered() == ()
    (state,) = outbox.messages()
    assert (state.attempts, state.reason, state.delivered_at) == (2, "HTTP 500", later)


def test_what_another_is_just_sending_is_due_when_the_claim_ends(outbox: Outbox) -> None:
    composed(outbox, message())
    outbox.claim("r", "a", at=AT, until=AT + timedelta(minutes=5))
    assert outbox.next_attempt_at() == AT + timedelta(minutes=5)
    outbox.release("r", "a")
    assert outbox.next_attempt_at() == AT


def test_one_holder_at_a_time_until_the_claim_ends(outbox: Outbox) -> None:
    end = AT + timedelta(minutes=5)
    assert outbox.claim("r", "a", at=AT, until=end)
    assert not outbox.claim("r", "b", at=end - timedelta(microseconds=1), until=end)
    assert outbox.claim("r", "a", at=AT, until=end)
    assert outbox.claim("other", "b", at=AT, until=end)
    assert outbox.claim("r", "b", at=end, until=end + timedelta(minutes=5))
    outbox.release("r", "a")
    assert not outbox.claim("r", "a", at=end, until=end)


def test_a_composition_that_fails_keeps_nothing(outbox: Outbox, alert: Callable[..., Alert]) -> None:
    outbox.raise_alerts([alert()], raised_at=AT, raised_by="x")
    twice = message(alert_keys=(alert().alert_key,)), message("2", alert_keys=(alert().alert_key,))
    with pytest.raises(sqlite3.IntegrityError):
        composed(outbox, *twice)
    assert outbox.messages() == []
    assert not outbox.alerts()[0].is_addressed


def test_alerts_are_shown_for_composing_once_and_again_only_from_a_day_on(
    outbox: Outbox, alert: Callable[..., Alert]
) -> None:
    shown: list[list[str]] = []

    def look(raised: Any) -> Composition:
        shown.append([one.alert.zone_id for one in raised])
        return Composition((), ())

    old, new = AT, AT + timedelta(days=1)
    outbox.raise_alerts([alert("A")], raised_at=old, raised_by="x")
    outbox.raise_alerts([alert("B")], raised_at=new, raised_by="x")
    for again_since in (None, None, new):
        outbox.compose(look, at=new, again_since=again_since)
    assert shown == [["A", "B"], [], ["B"]]


def test_processes_that_raise_the_same_alerts_at_once_raise_each_once(
    tmp_path: Path, in_processes: Callable[..., list[int]]
) -> None:
    keys = [f"Z{number}" for number in range(40)]
    assert sum(in_processes(2, "raise", tmp_path, *keys)) == len(keys)
    with Outbox.open(tmp_path) as outbox:
        assert outbox.raised_keys() == set(keys)


def test_a_file_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    Outbox.open(tmp_path).close()
    path = tmp_path / "outbox" / "outbox.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("pragma user_version = 99")
    with pytest.raises(OutboxUnusableError, match=r"newer version \(99"):
        Outbox.open(tmp_path)


def test_a_file_that_is_no_outbox_is_told_in_both_languages(tmp_path: Path) -> None:
    (tmp_path / "outbox").mkdir()
    (tmp_path / "outbox" / "outbox.sqlite").write_bytes(b"not a database" * 100)
    with pytest.raises(OutboxUnusableError, match=r"(?s)无法使用.*can't be used"):
        Outbox.open(tmp_path)


def test_a_file_that_is_damaged_behind_its_first_page_is_told_in_both_languages(tmp_path: Path) -> None:
    Outbox.open(tmp_path).close()
    path = tmp_path / "outbox" / "outbox.sqlite"
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))
    with Outbox.open(tmp_path) as outbox:
        with pytest.raises(OutboxUnusableError, match=r"(?s)无法使用.*malformed"):
            outbox.alerts()
        with pytest.raises(OutboxUnusableError, match=r"(?s)无法使用.*malformed"):
            outbox.release("r", "a")


def test_a_message_is_not_composed_for_what_was_composed_meanwhile(
    tmp_path: Path, outbox: Outbox, alert: Callable[..., Alert]
) -> None:
    outbox.raise_alerts([alert()], raised_at=AT, raised_by="x")
    seen: list[list[RaisedAlert]] = []
    with Outbox.open(tmp_path) as other:
        composed(other, message(alert_keys=(alert().alert_key,)))
    outbox.compose(lambda raised: seen.append(list(raised)) or Composition((), ()), at=AT)
    assert seen == [[]]
