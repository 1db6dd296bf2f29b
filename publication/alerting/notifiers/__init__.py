"""The notifiers, a module a channel: each sends one message once and says what came of it.

Does not belong here: when to try again, which message to send, and what it says.
"""

from datetime import datetime

from publication.alerting.addressing import Recipient
from publication.alerting.entries import DingTalkEntry, EmailEntry, FeishuEntry, WebhookEntry, WeComEntry
from publication.alerting.notifiers import email, robots, webhook
from publication.alerting.notifiers.outcome import Outcome
from publication.alerting.outbox import Message
from publication.alerting.pace import Pace


def send(message: Message, recipient: Recipient, *, at: datetime, pace: Pace) -> Outcome:
    """Send ``message`` to ``recipient`` once, within the time that ``pace`` allows.

    ``at`` is the moment that signatures carry. Whatever the receiver does is an outcome, never an exception.
    """
    match recipient.entry:
        case WebhookEntry() as entry:
            return webhook.send(message, entry, at=at, pace=pace)
        case EmailEntry() as entry:
            return email.send(message, entry, recipient.address, pace=pace)
        case WeComEntry() | DingTalkEntry() | FeishuEntry() as entry:
            return robots.send(message, entry, at=at, pace=pace)
    raise TypeError(f"no notifier for {type(recipient.entry).__name__}")
