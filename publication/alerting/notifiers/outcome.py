"""What came of one attempt to send a message."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class Outcome:
    """Accepted, or not and why.

    ``is_refused``: the receiver will not have it as it is, so trying again soon is of no use.
    ``retry_after``: what the receiver asked to wait. ``reason`` is Chinese and English; it may still hold a
    secret that the receiver sent back, so it is scrubbed before anything is done with it.
    """

    is_accepted: bool
    reason: str = ""
    is_refused: bool = False
    retry_after: timedelta | None = None


ACCEPTED = Outcome(is_accepted=True)


def failed(zh: str, en: str, *, retry_after: timedelta | None = None) -> Outcome:
    """Give the outcome of an attempt that may succeed later."""
    return Outcome(is_accepted=False, reason=f"{zh} / {en}", retry_after=retry_after)


def refused(zh: str, en: str) -> Outcome:
    """Give the outcome of an attempt that will not succeed until somebody mends something."""
    return Outcome(is_accepted=False, reason=f"{zh} / {en}", is_refused=True)
