"""How fast and how often: the times of an attempt and the waits between attempts."""

import hashlib
from datetime import timedelta
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from ingestion.seeds import load_seed


class Pace(BaseModel):
    """The figures of the seed ``alert_delivery``; ``[delivery]`` in a file of notifiers changes them."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    first_retry_seconds: float = Field(gt=0, allow_inf_nan=False)
    retry_factor: float = Field(ge=1, le=100)
    longest_retry_seconds: float = Field(gt=0, allow_inf_nan=False)
    jitter_share: float = Field(ge=0, le=1)
    longest_retry_after_seconds: float = Field(gt=0, allow_inf_nan=False)
    attempt_seconds: float = Field(gt=0, allow_inf_nan=False)
    network_seconds: float = Field(gt=0, allow_inf_nan=False)
    claim_seconds: float = Field(gt=0, allow_inf_nan=False)
    recipients_at_once: int = Field(ge=1, le=64)

    @model_validator(mode="after")
    def _claim_outlasts_an_attempt(self) -> Self:
        if self.claim_seconds <= self.attempt_seconds:
            raise ValueError(
                "claim_seconds 应大于 attempt_seconds\nclaim_seconds must be above attempt_seconds"
            )
        return self

    def wait(self, attempts: int, *, refused: bool, asked: timedelta | None, seed: str) -> timedelta:
        """Give how long to wait after the attempt numbered ``attempts`` (from 1) failed.

        ``refused``: the receiver will not have it, so only somebody's mending can help: the longest wait.
        ``asked``: what the receiver asked for, which counts instead, within bounds. Jitter only lengthens
        and follows from ``seed``, so that the same attempt always waits the same.
        """
        if asked is not None:
            bounded = min(
                max(asked.total_seconds(), self.first_retry_seconds), self.longest_retry_after_seconds
            )
            return timedelta(seconds=bounded)
        seconds = self.longest_retry_seconds
        if not refused:
            doublings = min(attempts - 1, 64)
            seconds = min(self.first_retry_seconds * self.retry_factor**doublings, seconds)
        return timedelta(seconds=seconds * (1 + self.jitter_share * _fraction(f"{seed}|{attempts}")))


def default_figures() -> dict[str, Any]:
    """Give the figures as the seed states them, by name."""
    return dict(load_seed("alert_delivery").select("figure", "value").rows())


def _fraction(seed: str) -> float:
    """Give a number from 0 up to 1 that looks random and follows from ``seed``."""
    return int.from_bytes(hashlib.sha256(seed.encode()).digest()[:6], "big") / 2**48
