"""What one try of a request came to: a reply, or a reason why there is none.

Belongs here: what asking the web and reading a file have in common. Does not belong here: either of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import BinaryIO


@dataclass(frozen=True)
class Reply:
    """A reply, received whole; ``body`` is None when nothing has changed, else at its start.

    ``headers`` have lower-case names and may still hold secrets.
    """

    status: int | None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: BinaryIO | None = None


class FailedTryError(Exception):
    """A try that brought nothing usable.

    ``case_id`` is one of the seed ``source_messages``; ``detail`` may still hold a secret that was sent back.
    ``is_passing``: another try may succeed. ``asked_to_wait`` is what the other side asked for.
    """

    def __init__(
        self,
        case_id: str,
        detail: str,
        *,
        status: int | None = None,
        is_passing: bool = False,
        asked_to_wait: timedelta | None = None,
    ) -> None:
        super().__init__(case_id)
        self.case_id = case_id
        self.detail = detail
        self.status = status
        self.is_passing = is_passing
        self.asked_to_wait = asked_to_wait


def too_large(largest: int, status: int | None = None) -> FailedTryError:
    """Give the reason that there is more than ``largest`` bytes of the body."""
    return FailedTryError("too_large", f"more than {largest} bytes", status=status)
