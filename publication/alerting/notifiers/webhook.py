"""The webhook: the message as JSON, signed with a shared secret, under its idempotency key."""

import hashlib
import hmac
from datetime import datetime

from publication.alerting.entries import WebhookEntry
from publication.alerting.notifiers.http import judge_status, post
from publication.alerting.notifiers.outcome import Outcome
from publication.alerting.outbox import Message
from publication.alerting.pace import Pace
from publication.moments import in_shanghai

IDEMPOTENCY_KEY = "Idempotency-Key"
TIMESTAMP = "Coopzones-Timestamp"
SIGNATURE = "Coopzones-Signature"


def send(message: Message, entry: WebhookEntry, *, at: datetime, pace: Pace) -> Outcome:
    """Post ``message``; the receiver has accepted it when it answers 2xx."""
    body = message.body.encode()
    timestamp = str(int(in_shanghai(at).timestamp()))
    headers = {
        IDEMPOTENCY_KEY: message.idempotency_key,
        TIMESTAMP: timestamp,
        SIGNATURE: sign(entry.signing_secret_from.get_secret_value(), timestamp, body),
    }
    if entry.bearer_token_from is not None:
        headers["Authorization"] = f"Bearer {entry.bearer_token_from.get_secret_value()}"
    reply = post(entry.address, body, headers, pace=pace, ca_file=entry.ca_file)
    return reply if isinstance(reply, Outcome) else judge_status(reply)


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """Give the signature of ``body`` sent at ``timestamp`` (Unix seconds): HMAC-SHA256, hexadecimal.

    What is signed is the timestamp, a full stop and the body, as docs/notifiers.md tells receivers.
    """
    signed = hmac.new(secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256)
    return f"sha256={signed.hexdigest()}"
