"""The waits between attempts: longer each time, up to a bound; what the receiver asks for counts."""

from datetime import timedelta
from typing import Any

import pytest

from publication.alerting.pace import Pace, default_figures

FIGURES = default_figures() | {
    "first_retry_seconds": 60,
    "retry_factor": 2,
    "longest_retry_seconds": 3600,
    "jitter_share": 0.2,
    "longest_retry_after_seconds": 7200,
}
PACE = Pace.model_validate(FIGURES)


def wait(attempts: int, **values: Any) -> float:
    stated = {"refused": False, "asked": None, "seed": "message"} | values
    return PACE.wait(attempts, **stated).total_seconds()


@pytest.mark.parametrize(
    ("attempts", "seconds"), [(1, 60), (2, 120), (3, 240), (6, 1920), (7, 3600), (999, 3600)]
)
def test_a_wait_doubles_up_to_the_longest_and_is_lengthened_by_at_most_a_fifth(
    attempts: int, seconds: float
) -> None:
    assert seconds <= wait(attempts) < seconds * 1.2


def test_waits_of_different_messages_spread_and_of_the_same_stay() -> None:
    waits = {wait(1, seed=f"message {number}") for number in range(20)}
    assert len(waits) == 20
    assert wait(1) == wait(1)


def test_a_refusal_waits_longest_from_the_first_time() -> None:
    assert 3600 <= wait(1, refused=True) < 3600 * 1.2


@pytest.mark.parametrize(("asked", "seconds"), [(0, 60), (59, 60), (61, 61), (7200, 7200), (10**9, 7200)])
def test_what_the_receiver_asks_counts_within_bounds(asked: float, seconds: float) -> None:
    assert wait(5, asked=timedelta(seconds=asked)) == seconds
