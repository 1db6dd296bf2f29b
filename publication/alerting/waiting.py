"""Why somebody has yet to get a message, and from when it may be tried, as delivery and list both tell it.

Does not belong here: what is kept of messages and claims (``outbox``), when to try again (``pace``).
"""

from collections.abc import Collection, Mapping
from datetime import datetime

NOT_CONFIGURED = "已不在通知配置中 / no longer configured"
NOT_TRIED_YET = "尚未发送 / not tried yet"


def explained(
    recipient: str,
    reason: str | None,
    next_attempt_at: datetime,
    *,
    held: Mapping[str, datetime],
    configured: Collection[str] | None,
) -> tuple[str, datetime]:
    """Give why ``recipient`` waits, Chinese and English, and the moment of the next attempt.

    ``reason`` is the last failure's; ``held`` the claims that have not ended, by recipient; ``configured``
    the recipients of the notifiers, None where they can't be known.
    """
    if configured is not None and recipient not in configured:
        return NOT_CONFIGURED, next_attempt_at
    until = held.get(recipient)
    if until is not None and until > next_attempt_at:
        end = f"{until:%H:%M:%S}"
        return f"另一次送达正占用此收件方，至 {end} / another delivery holds them until {end}", until
    return reason or NOT_TRIED_YET, next_attempt_at
