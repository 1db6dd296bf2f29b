"""The digest: one recipient's alerts as messages that their channel can take.

Alerts stand by authority, kind and zone, Chinese first and English below; a webhook gets them as JSON. What
is too long for one message becomes several, numbered; an alert is never cut across two. The wording is the
seed ``alert_digest``, the channels' limits are ``alert_channels``.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any, Protocol

from ingestion.seeds import load_seed
from publication.alerting.outbox import Alert, Message
from publication.wording import legible

LANGUAGES = ("zh", "en")
LONGEST_NUMBER = 99999
"""Stands for a count that is not known yet, so that the place it takes is kept."""

SEPARATOR = "\x1f"


def compose(recipient: str, channel: str, alerts: Iterable[Alert], at: datetime) -> list[Message]:
    """Give the messages in which ``recipient`` gets ``alerts``, each within what ``channel`` takes.

    The same alerts give the same messages under the same idempotency keys, whenever they are composed.
    """
    layout: _Layout = _Json(recipient) if channel == "webhook" else _Text()
    parts = _parts(sorted(alerts, key=_order), layout, _longest(channel))
    messages = []
    for number, part in enumerate(parts, start=1):
        numbering = _Numbering(number, len(parts))
        key = _idempotency_key(recipient, numbering, part)
        messages.append(
            Message(
                idempotency_key=key,
                recipient=recipient,
                subject=_subject(len(part), numbering),
                body=layout.render(part, numbering, key),
                composed_at=at,
                alert_keys=tuple(alert.alert_key for alert in part),
            )
        )
    return messages


@dataclass(frozen=True)
class _Numbering:
    part: int
    parts: int

    def worded(self, language: str) -> str:
        return "" if self.parts == 1 else _say("numbering", language, part=self.part, parts=self.parts)


class _Layout(Protocol):
    def render(self, alerts: Sequence[Alert], numbering: _Numbering, key: str) -> str:
        """Give the body of the message."""

    def added(self, alert: Alert, before: Alert | None) -> int:
        """Give how many bytes ``alert`` adds after the alert ``before``."""


class _Text:
    """Plain text. Its bytes are counted as JSON carries it, which is never less than it has."""

    def render(self, alerts: Sequence[Alert], numbering: _Numbering, key: str) -> str:
        blocks = []
        for language in LANGUAGES:
            lines = [_say("title", language, alerts=len(alerts)) + numbering.worded(language)]
            for before, alert in zip([None, *alerts], alerts, strict=False):
                lines += _lines(alert, before, language)
            blocks.append("\n".join(lines))
        names = " / ".join(_say("message_id", language) for language in LANGUAGES)
        return "\n\n".join([*blocks, f"{names}: {key}"])

    def added(self, alert: Alert, before: Alert | None) -> int:
        return sum(
            _bytes_of_text(f"{line}\n") for language in LANGUAGES for line in _lines(alert, before, language)
        )


@dataclass(frozen=True)
class _Json:
    """The JSON that a webhook gets."""

    recipient: str

    def render(self, alerts: Sequence[Alert], numbering: _Numbering, key: str) -> str:
        return json.dumps(
            {
                "idempotency_key": key,
                "recipient": self.recipient,
                "subject": _subject(len(alerts), numbering),
                "part": numbering.part,
                "parts": numbering.parts,
                "alerts": [_fields(alert) for alert in alerts],
            },
            ensure_ascii=False,
        )

    def added(self, alert: Alert, before: Alert | None) -> int:  # noqa: ARG002 (the layouts' common form)
        return len(json.dumps(_fields(alert), ensure_ascii=False).encode()) + len(", ")


def _parts(alerts: Sequence[Alert], layout: _Layout, longest: int) -> list[list[Alert]]:
    """Divide ``alerts`` into messages of at most ``longest`` bytes, in their order."""
    unnamed_key = "0" * len(_digest(""))
    frame = layout.render([], _Numbering(LONGEST_NUMBER, LONGEST_NUMBER), unnamed_key)
    room = longest - _bytes_of_text(frame) - len(LANGUAGES) * len(str(LONGEST_NUMBER))
    parts: list[list[Alert]] = []
    left = 0
    for full in alerts:
        alert = _shortened(full, lambda tried: layout.added(tried, None) <= room)
        added = layout.added(alert, parts[-1][-1]) if parts else 0
        if not parts or added > left:
            parts.append([])
            left, added = room, layout.added(alert, None)
        parts[-1].append(alert)
        left -= added
    return parts


def _shortened(alert: Alert, fits: Callable[[Alert], bool]) -> Alert:
    """Give ``alert``, its longer message halved until it fits; what was left out is said."""
    while not fits(alert):
        language = max(LANGUAGES, key=lambda one: len(getattr(alert, f"message_{one}")))
        message = getattr(alert, f"message_{language}").removesuffix(_say("shortened", language))
        if not message:
            break
        halved = message[: len(message) // 2] + _say("shortened", language)
        alert = replace(alert, **{f"message_{language}": halved})
    return alert


def _lines(alert: Alert, before: Alert | None, language: str) -> list[str]:
    """Give the lines that ``alert`` adds to a text after ``before``: headings where something changes."""
    lines = []
    is_new = before is None or before.authority_code != alert.authority_code
    if is_new and alert.authority_code:
        lines.append(_say("authority", language, authority=_authority(alert.authority_code, language)))
    if is_new or before is None or before.kind != alert.kind:
        is_new = True
        lines.append(_say("kind", language, kind=_kind(alert.kind, language)))
    if alert.zone_id and (is_new or before is None or before.zone_id != alert.zone_id):
        lines.append(_say("zone", language, zone_id=alert.zone_id))
    message = getattr(alert, f"message_{language}")
    return [*lines, _say("alert", language, message=_harmless(message))]


def _harmless(text: str) -> str:
    """Give ``text`` so that it stays one line and calls nobody: a zone's name is what somebody typed.

    Chat programs take ``<at …>`` for a call to the whole group.
    """
    return legible(text, longest=len(text)).replace("<", "＜").replace(">", "＞")


def _order(alert: Alert) -> tuple[Any, ...]:
    kinds = list(_kinds())
    place = kinds.index(alert.kind) if alert.kind in kinds else len(kinds)
    due_on = "" if alert.due_on is None else alert.due_on.isoformat()
    return (alert.authority_code or "", place, alert.kind, alert.zone_id or "", due_on, alert.alert_key)


def _fields(alert: Alert) -> dict[str, Any]:
    due_on = None if alert.due_on is None else alert.due_on.isoformat()
    return asdict(alert) | {"due_on": due_on}


def _subject(alerts: int, numbering: _Numbering) -> str:
    return " / ".join(
        _say("subject", language, alerts=alerts) + numbering.worded(language) for language in LANGUAGES
    )


def _idempotency_key(recipient: str, numbering: _Numbering, alerts: Sequence[Alert]) -> str:
    told = [
        f"{alert.alert_key}{SEPARATOR}{alert.message_zh}{SEPARATOR}{alert.message_en}" for alert in alerts
    ]
    return _digest(SEPARATOR.join([recipient, f"{numbering.part}/{numbering.parts}", *told]))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:32]


def _bytes_of_text(text: str) -> int:
    return len(json.dumps(text, ensure_ascii=False).encode()) - len('""')


def _say(name: str, language: str, /, **values: object) -> str:
    return _wording()[name][language].format(**values)


@cache
def _wording() -> dict[str, dict[str, str]]:
    return {row["part_of_text"]: row for row in load_seed("alert_digest").rows(named=True)}


@cache
def _kinds() -> dict[str, dict[str, str]]:
    return {row["kind"]: row for row in load_seed("alert_kinds").rows(named=True)}


def _kind(kind: str, language: str) -> str:
    return _kinds()[kind][f"name_{language}"] if kind in _kinds() else kind


@cache
def _authorities() -> dict[str, dict[str, str]]:
    rows = [
        *load_seed("provincial_authorities").rows(named=True),
        *load_seed("alert_audiences").drop_nulls("authority_code").rows(named=True),
    ]
    return {row["authority_code"]: row for row in rows}


def _authority(code: str, language: str) -> str:
    return _authorities()[code][f"name_{language}"] if code in _authorities() else code


@cache
def _longest(channel: str) -> int:
    rows = load_seed("alert_channels").filter(channel=channel)
    return int(rows["longest_message_bytes"].item())
