"""The delivery: addresses what was raised, composes digests, sends what is due, and keeps what came of it.

Recipients are served side by side, each within a bounded time, so that one who is slow or refuses holds up
nobody else. A failed message waits its turn and is tried until it is delivered; the same recipient's other
messages wait only shortly, so that one message nobody can take does not hold up the rest either.
Does not belong here: what to raise, how a channel sends.
"""

import os
import socket
import traceback
import uuid
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from ingestion.seeds import load_seed
from publication.alerting.addressing import Recipient, addresses, recipients
from publication.alerting.configuration import Notifiers
from publication.alerting.digest import compose
from publication.alerting.errors import NotifierCrashedError
from publication.alerting.notifiers import send
from publication.alerting.notifiers.outcome import Outcome
from publication.alerting.outbox import Alert, Composition, Message, Outbox, RaisedAlert, Undelivered
from publication.alerting.waiting import NOT_CONFIGURED, explained

Clock = Callable[[], datetime]
A_MINUTE = timedelta(minutes=1)

ENOUGH_FOR_NOW = "本分钟已达渠道上限 / as many as the channel takes in a minute"


@dataclass(frozen=True)
class DeliveryReport:
    """What a delivery did: messages ``delivered``, recipients with something ``undelivered``, and why.

    ``unaddressed`` are the (alert_key, address) of this delivery's new alerts that nobody is configured for.
    """

    delivered: int
    undelivered: tuple[Undelivered, ...]
    unaddressed: tuple[tuple[str, str], ...]


def deliver(
    outbox: Outbox, notifiers: Notifiers, *, now: Clock, log: Callable[[str], None]
) -> DeliveryReport:
    """Compose what was raised for the recipients of ``notifiers`` and send what is due at ``now()``.

    Several deliveries may run at once: a recipient belongs to one of them at a time. ``log`` gets a line of
    Chinese and English for each alert without recipient, and each attempt; never a secret. Raises
    ``NotifierCrashedError`` after all recipients were served if a notifier failed in a way nobody foresaw.
    """
    known = {recipient.name: recipient for recipient in recipients(notifiers.entries)}
    at = now()
    shown, composition = outbox.compose(
        partial(_digests, known=list(known.values()), at=at), at=at, again_since=notifiers.also_raised_since
    )
    unaddressed = _newly_unaddressed(shown, composition)
    for alert, address in unaddressed:
        log(f"{address} 无通知 / no notifier; {alert.alert_key}: {alert.message_zh} / {alert.message_en}")
    due = outbox.due_recipients(now())
    for name in set(due) - set(known):
        wait = timedelta(seconds=notifiers.pace.longest_retry_seconds)
        outbox.postpone(name, reason=NOT_CONFIGURED, until=now() + wait)
    delivered = 0
    crashes: list[NotifierCrashedError] = []
    with ThreadPoolExecutor(notifiers.pace.recipients_at_once, "notifier") as pool:
        turns = [_Turn(outbox, notifiers, known[name], now) for name in due if name in known]
        for future in as_completed([pool.submit(turn.take) for turn in turns]):
            turn = future.result()
            delivered += turn.delivered
            crashes += turn.crashes
            for line in turn.lines:
                log(line)
    if crashes:
        raise crashes[0]
    return DeliveryReport(
        delivered=delivered,
        undelivered=_still_waiting(outbox, known, now()),
        unaddressed=tuple((alert.alert_key, address) for alert, address in unaddressed),
    )


def _still_waiting(outbox: Outbox, known: Collection[str], at: datetime) -> tuple[Undelivered, ...]:
    held = outbox.claims(at)
    return tuple(
        Undelivered(one.recipient, *explained(*one, held=held, configured=known))
        for one in outbox.undelivered()
    )


class _Turn:
    """One recipient's turn: their due messages, until one fails or there are none."""

    def __init__(self, outbox: Outbox, notifiers: Notifiers, recipient: Recipient, now: Clock) -> None:
        self.outbox = outbox
        self.pace = notifiers.pace
        self.scrub = notifiers.scrub
        self.recipient = recipient
        self.now = now
        self.holder = f"{socket.gethostname()}/{os.getpid()}/{uuid.uuid4()}"
        self.delivered = 0
        self.lines: list[str] = []
        self.crashes: list[NotifierCrashedError] = []

    def take(self) -> "_Turn":
        """Send what is due, unless another delivery is serving this recipient; give the turn itself."""
        while self._hold() and (due := self.outbox.next_message(self.recipient.name, self.now())):
            if not self._has_room() or not self._attempt(*due):
                break
        self.outbox.release(self.recipient.name, self.holder)
        return self

    def _hold(self) -> bool:
        """Take or lengthen the claim, so that it outlasts the next attempt; False: it is another's."""
        at = self.now()
        until = at + timedelta(seconds=self.pace.claim_seconds)
        return self.outbox.claim(self.recipient.name, self.holder, at=at, until=until)

    def _has_room(self) -> bool:
        """Say whether the channel takes one more message this minute; put the rest off if not."""
        most = _messages_a_minute(self.recipient.entry.channel)
        at = self.now()
        recent = self.outbox.delivered_since(self.recipient.name, at - A_MINUTE) if most else []
        if most is None or len(recent) < most:
            return True
        self.outbox.postpone(self.recipient.name, reason=ENOUGH_FOR_NOW, until=recent[-most] + A_MINUTE)
        return False

    def _attempt(self, message: Message, attempts: int) -> bool:
        """Send ``message`` and keep what came of it; say whether it was accepted."""
        outcome = self._send(message)
        at = self.now()
        if outcome.is_accepted:
            self.outbox.record_delivered(message, at=at)
            self.delivered += 1
            self._tell(message, "已送达", "delivered")
            return True
        wait = self.pace.wait(
            attempts + 1, refused=outcome.is_refused, asked=outcome.retry_after, seed=message.idempotency_key
        )
        reason = self.scrub(outcome.reason)
        self.outbox.record_failed(message, at=at, reason=reason, next_attempt_at=at + wait)
        shortly = timedelta(seconds=self.pace.first_retry_seconds)
        rest_wait = wait if outcome.retry_after is not None else min(wait, shortly)
        self.outbox.postpone(self.recipient.name, until=at + rest_wait)
        again = f"{at + wait:%Y-%m-%d %H:%M:%S}"
        self._tell(message, f"未送达，{again} 后再试", f"not delivered, tried again after {again}: {reason}")
        return False

    def _send(self, message: Message) -> Outcome:
        try:
            return send(message, self.recipient, at=self.now(), pace=self.pace)
        except Exception as error:  # noqa: BLE001 (others are served first; then it is raised, without secrets)
            place = traceback.extract_tb(error.__traceback__)[-1]
            told = f"{type(error).__name__}: {error} ({place.filename}:{place.lineno} {place.name})"
            crash = NotifierCrashedError(self.recipient.name, self.scrub(told))
            self.crashes.append(crash)
            return Outcome(is_accepted=False, reason=f"程序错误 / a fault of the program: {told}")

    def _tell(self, message: Message, zh: str, en: str) -> None:
        self.lines.append(f"{self.recipient.name} {message.idempotency_key} {zh} / {en}")


def _digests(shown: Sequence[RaisedAlert], *, known: list[Recipient], at: datetime) -> Composition:
    """Give everybody's messages of the alerts ``shown``, and the addresses that nobody is there for."""
    messages: list[Message] = []
    for recipient in known:
        theirs = [raised.alert for raised in shown if _is_for(recipient, raised)]
        messages += compose(recipient.name, recipient.entry.channel, theirs, at) if theirs else []
    unaddressed = [
        (raised.alert.alert_key, address)
        for raised in shown
        for address in (raised.unaddressed if raised.is_addressed else dict.fromkeys(addresses(raised.alert)))
        if not any(recipient.listens_to(address) and _wants(recipient, raised) for recipient in known)
    ]
    return Composition(tuple(messages), tuple(unaddressed))


def _is_for(recipient: Recipient, raised: RaisedAlert) -> bool:
    is_told = recipient.name in raised.recipients
    return (
        not is_told and _wants(recipient, raised) and any(map(recipient.listens_to, addresses(raised.alert)))
    )


def _wants(recipient: Recipient, raised: RaisedAlert) -> bool:
    return not raised.is_addressed or recipient.also_wants(raised)


def _newly_unaddressed(shown: list[RaisedAlert], composition: Composition) -> list[tuple[Alert, str]]:
    """Give each new alert and address that nobody is there for; older ones were told at the time."""
    new = {raised.alert.alert_key: raised.alert for raised in shown if not raised.is_addressed}
    return [(new[key], address) for key, address in composition.unaddressed if key in new]


def _messages_a_minute(channel: str) -> int | None:
    most = load_seed("alert_channels").filter(channel=channel)["messages_a_minute"].item()
    return None if most is None else int(most)
