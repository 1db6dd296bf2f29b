"""The outbox: what was raised, the messages composed of it, and what became of each attempt to deliver.

An alert is raised once, by its ``alert_key``. A message is fixed when it is composed, so that a retry sends
the very same one, and a recipient gets an alert in one message only. Moments are kept in UTC and given in
Shanghai's time.
Does not belong here: who gets what, how it is worded and sent.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

from publication.alerting.outbox_file import OutboxFile
from publication.moments import in_shanghai

FOLDER = "outbox"
FILE = "outbox.sqlite"


@dataclass(frozen=True)
class Alert:
    """One thing to tell somebody: a row of the mart ``alerts`` and its ``audiences``.

    ``audiences`` are of ``zone``, ``authority``, ``ministry``; ``authority_code`` is who has to act.
    """

    alert_key: str
    kind: str
    stage: str
    zone_id: str | None
    authority_code: str | None
    audiences: tuple[str, ...]
    due_on: date | None
    message_zh: str
    message_en: str


@dataclass(frozen=True)
class RaisedAlert:
    """An alert in the outbox.

    ``is_addressed``: a delivery has looked for recipients; ``unaddressed``: the addresses, such as
    ``zone:HZ21020001``, for which it found none; ``recipients``: those for whom it is in a message.
    """

    alert: Alert
    raised_at: datetime
    raised_by: str
    is_addressed: bool
    unaddressed: frozenset[str]
    recipients: frozenset[str]


@dataclass(frozen=True)
class Message:
    """A message as it was composed; ``body`` is what every attempt sends."""

    idempotency_key: str
    recipient: str
    subject: str
    body: str
    composed_at: datetime
    alert_keys: tuple[str, ...] = ()


@dataclass(frozen=True)
class Composition:
    """What a delivery makes of alerts: messages, and each (alert_key, address) that nobody is there for."""

    messages: tuple[Message, ...]
    unaddressed: tuple[tuple[str, str], ...]


class Undelivered(NamedTuple):
    """A recipient who has yet to get something: why the last attempt failed and when the next one may be."""

    recipient: str
    reason: str
    next_attempt_at: datetime


@dataclass(frozen=True)
class MessageState:
    """What became of a message; ``next_attempt_at`` until delivered, ``reason`` of the last failure."""

    idempotency_key: str
    recipient: str
    subject: str
    composed_at: datetime
    attempts: int
    next_attempt_at: datetime | None
    reason: str | None
    delivered_at: datetime | None
    alert_keys: tuple[str, ...]


class Outbox:
    """The outbox of a home; open it with :meth:`open`, best in a ``with`` block."""

    def __init__(self, file: OutboxFile) -> None:
        self._file = file

    @classmethod
    def open(cls, home: Path) -> Self:
        """Open the outbox of ``home``, made if need be; raise ``OutboxUnusableError`` if that can't be."""
        return cls(OutboxFile(home / FOLDER / FILE))

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def raised_keys(self) -> frozenset[str]:
        """Give the keys of all alerts ever raised."""
        return frozenset(key for (key,) in self._file.rows("select alert_key from alerts"))

    def raise_alerts(self, alerts: Sequence[Alert], *, raised_at: datetime, raised_by: str) -> int:
        """Keep those of ``alerts`` that were never raised and give their number; raising twice is once."""
        rows = [(*_columns(alert), _kept(raised_at), raised_by) for alert in alerts]
        with self._file.transaction():
            return self._file.change_many(
                "insert into alerts (alert_key, kind, stage, zone_id, authority_code, audiences, due_on,"
                " message_zh, message_en, raised_at, raised_by) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                " on conflict (alert_key) do nothing",
                rows,
            )

    def next_attempt_at(self) -> datetime | None:
        """Give the earliest moment at which something undelivered may be tried; None: all is delivered.

        A raised alert that no delivery has looked at counts from the moment it was raised; what another
        process is just sending, from the end of its claim.
        """
        ((earliest,),) = self._file.rows(
            "select min(moment) from ("
            " select min(raised_at) as moment from alerts where addressed_at is null union all"
            " select min(max(next_attempt_at, coalesce(held_until, ''))) from messages"
            " left join claims using (recipient) where delivered_at is null)"
        )
        return _given(earliest)

    def alerts(self) -> list[RaisedAlert]:
        """Give everything ever raised, the newest first."""
        return self._alerts("", ())[::-1]

    def messages(self) -> list[MessageState]:
        """Give everything ever composed, the newest first."""
        rows = self._file.rows(
            "select idempotency_key, recipient, subject, composed_at, attempts,"
            " iif(delivered_at is null, next_attempt_at, null), reason, delivered_at"
            " from messages order by position desc"
        )
        told = _grouped(
            self._file.rows("select idempotency_key, alert_key from message_alerts order by alert_key")
        )
        return [
            MessageState(
                key,
                recipient,
                subject,
                _moment(composed),
                attempts,
                _given(due),
                reason,
                _given(delivered),
                tuple(told.get(key, ())),
            )
            for key, recipient, subject, composed, attempts, due, reason, delivered in rows
        ]

    def undelivered(self) -> tuple[Undelivered, ...]:
        """Give one entry a recipient with something undelivered."""
        rows = self._file.rows(
            "select recipient, (select reason from messages as theirs where delivered_at is null"
            " and theirs.recipient = messages.recipient and reason is not null"
            " order by attempts desc, position limit 1), min(next_attempt_at)"
            " from messages where delivered_at is null group by recipient order by recipient"
        )
        return tuple(Undelivered(recipient, reason or "", _moment(due)) for recipient, reason, due in rows)

    def compose(
        self,
        compose: Callable[[Sequence[RaisedAlert]], Composition],
        *,
        at: datetime,
        again_since: datetime | None = None,
    ) -> tuple[list[RaisedAlert], Composition]:
        """Let ``compose`` make messages of the alerts that no delivery has looked at, and keep what it makes.

        It is also shown those raised since ``again_since``. All in one transaction: two deliveries at once
        never compose the same alert for the same recipient twice. Gives what was shown and made.
        """
        with self._file.transaction():
            if again_since is None:
                shown = self._alerts("where addressed_at is null", ())
            else:
                shown = self._alerts("where addressed_at is null or raised_at >= ?", (_kept(again_since),))
            composition = compose(shown)
            keys = [(raised.alert.alert_key,) for raised in shown]
            self._file.change_many("delete from unaddressed where alert_key = ?", keys)
            self._file.change_many("insert into unaddressed values (?, ?)", list(composition.unaddressed))
            self._file.change_many(
                "update alerts set addressed_at = coalesce(addressed_at, ?) where alert_key = ?",
                [(_kept(at), key) for (key,) in keys],
            )
            for message in composition.messages:
                self._keep(message)
        return shown, composition

    def due_recipients(self, at: datetime) -> list[str]:
        """Give the recipients with a message that may be tried at ``at``, who has waited longest first."""
        rows = self._file.rows(
            "select recipient from messages where delivered_at is null and next_attempt_at <= ?"
            " group by recipient order by min(next_attempt_at), min(position)",
            _kept(at),
        )
        return [recipient for (recipient,) in rows]

    def claim(self, recipient: str, holder: str, *, at: datetime, until: datetime) -> bool:
        """Let ``holder`` alone send to ``recipient`` until ``until``; False: another holds the claim.

        A claim ends with :meth:`release`, or by itself when its moment passes: its holder may have died.
        """
        with self._file.transaction():
            self._file.change(
                "insert into claims values (?, ?, ?) on conflict (recipient) do update"
                " set holder = excluded.holder, held_until = excluded.held_until"
                " where holder = excluded.holder or held_until <= ?",
                recipient,
                holder,
                _kept(until),
                _kept(at),
            )
            found = self._file.rows("select holder from claims where recipient = ?", recipient)
        return found == [(holder,)]

    def release(self, recipient: str, holder: str) -> None:
        """Give ``recipient`` back, if ``holder`` still has them."""
        with self._file.transaction():
            self._file.change("delete from claims where recipient = ? and holder = ?", recipient, holder)

    def claims(self, at: datetime) -> dict[str, datetime]:
        """Give the recipients that somebody holds at ``at``, and until when."""
        rows = self._file.rows("select recipient, held_until from claims where held_until > ?", _kept(at))
        return {recipient: _moment(until) for recipient, until in rows}

    def next_message(self, recipient: str, at: datetime) -> tuple[Message, int] | None:
        """Give the first message that may be tried at ``at`` and the number of attempts that it has had."""
        rows = self._file.rows(
            "select idempotency_key, recipient, subject, body, composed_at, attempts from messages"
            " where recipient = ? and delivered_at is null and next_attempt_at <= ?"
            " order by position limit 1",
            recipient,
            _kept(at),
        )
        for key, name, subject, body, composed_at, attempts in rows:
            return Message(key, name, subject, body, _moment(composed_at)), attempts
        return None

    def delivered_since(self, recipient: str, since: datetime) -> list[datetime]:
        """Give the moments after ``since`` at which ``recipient`` got a message, in order."""
        rows = self._file.rows(
            "select attempted_at from attempts where recipient = ? and attempted_at > ? and is_delivered"
            " order by attempted_at",
            recipient,
            _kept(since),
        )
        return [_moment(attempted_at) for (attempted_at,) in rows]

    def record_delivered(self, message: Message, *, at: datetime) -> None:
        """Note that ``message`` was accepted."""
        with self._file.transaction():
            self._note(message, at, is_delivered=True, reason=None)
            self._file.change(
                "update messages set attempts = attempts + 1, delivered_at = coalesce(delivered_at, ?)"
                " where idempotency_key = ?",
                _kept(at),
                message.idempotency_key,
            )

    def record_failed(
        self, message: Message, *, at: datetime, reason: str, next_attempt_at: datetime
    ) -> None:
        """Note that ``message`` was not accepted, why, and when it may be tried again."""
        with self._file.transaction():
            self._note(message, at, is_delivered=False, reason=reason)
            self._file.change(
                "update messages set attempts = attempts + 1, next_attempt_at = ?, reason = ?"
                " where idempotency_key = ?",
                _kept(next_attempt_at),
                reason,
                message.idempotency_key,
            )

    def postpone(self, recipient: str, *, until: datetime, reason: str | None = None) -> None:
        """Let nothing go to ``recipient`` before ``until``, for ``reason`` if there is a new one."""
        with self._file.transaction():
            self._file.change(
                "update messages set next_attempt_at = ?, reason = coalesce(?, reason)"
                " where recipient = ? and delivered_at is null and next_attempt_at < ?",
                _kept(until),
                reason,
                recipient,
                _kept(until),
            )

    def _alerts(self, condition: str, values: tuple[Any, ...]) -> list[RaisedAlert]:
        rows = self._file.rows(
            "select alert_key, kind, stage, zone_id, authority_code, audiences, due_on, message_zh,"  # noqa: S608 (conditions are ours)
            " message_en, raised_at, raised_by, addressed_at from alerts"
            f" {condition} order by raised_at, alert_key",
            *values,
        )
        these = f"where alert_key in (select alert_key from alerts {condition})"  # noqa: S608 (likewise)
        unaddressed = _grouped(
            self._file.rows(f"select alert_key, address from unaddressed {these}", *values)  # noqa: S608 (likewise)
        )
        recipients = _grouped(
            self._file.rows(f"select alert_key, recipient from message_alerts {these}", *values)  # noqa: S608 (likewise)
        )
        return [
            RaisedAlert(
                alert=_alert(row[:9]),
                raised_at=_moment(row[9]),
                raised_by=row[10],
                is_addressed=row[11] is not None,
                unaddressed=frozenset(unaddressed.get(row[0], ())),
                recipients=frozenset(recipients.get(row[0], ())),
            )
            for row in rows
        ]

    def _keep(self, message: Message) -> None:
        composed_at = _kept(message.composed_at)
        self._file.change(
            "insert into messages (idempotency_key, recipient, subject, body, composed_at, next_attempt_at)"
            " values (?, ?, ?, ?, ?, ?)",
            message.idempotency_key,
            message.recipient,
            message.subject,
            message.body,
            composed_at,
            composed_at,
        )
        self._file.change_many(
            "insert into message_alerts values (?, ?, ?)",
            [(message.recipient, key, message.idempotency_key) for key in message.alert_keys],
        )

    def _note(self, message: Message, at: datetime, *, is_delivered: bool, reason: str | None) -> None:
        self._file.change(
            "insert into attempts values (?, ?, ?, ?, ?)",
            message.idempotency_key,
            message.recipient,
            _kept(at),
            is_delivered,
            reason,
        )


def _columns(alert: Alert) -> tuple[Any, ...]:
    return (
        alert.alert_key,
        alert.kind,
        alert.stage,
        alert.zone_id,
        alert.authority_code,
        ",".join(alert.audiences),
        None if alert.due_on is None else alert.due_on.isoformat(),
        alert.message_zh,
        alert.message_en,
    )


def _alert(row: tuple[Any, ...]) -> Alert:
    key, kind, stage, zone_id, authority_code, audiences, due_on, message_zh, message_en = row
    return Alert(
        alert_key=key,
        kind=kind,
        stage=stage,
        zone_id=zone_id,
        authority_code=authority_code,
        audiences=tuple(filter(None, audiences.split(","))),
        due_on=None if due_on is None else date.fromisoformat(due_on),
        message_zh=message_zh,
        message_en=message_en,
    )


def _grouped(pairs: list[tuple[Any, ...]]) -> dict[str, list[str]]:
    grouped: dict[str, list[str]] = {}
    for key, value in pairs:
        grouped.setdefault(key, []).append(value)
    return grouped


def _kept(moment: datetime) -> str:
    """Give ``moment`` as the file keeps it: UTC, of one length, so that texts compare as moments do."""
    return in_shanghai(moment).astimezone(UTC).isoformat(timespec="microseconds")


def _moment(kept: str) -> datetime:
    return in_shanghai(datetime.fromisoformat(kept))


def _given(kept: str | None) -> datetime | None:
    return None if kept is None else _moment(kept)
