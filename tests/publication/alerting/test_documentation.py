"""What docs/notifiers.md tells people to write works as it stands."""

import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ingestion.seeds import load_seed
from publication.alerting.configuration import Notifiers
from publication.alerting.notifiers.webhook import sign
from publication.alerting.pace import Pace, default_figures

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "notifiers.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def test_the_examples_are_a_file_that_can_be_followed(notifiers: Callable[..., Notifiers]) -> None:
    text = "\n".join(blocks("toml"))
    names = set(re.findall(r'_from = "([A-Z_]+)"', text))
    read = notifiers(text, **dict.fromkeys(names, "https://chat.example.cn/hook"))
    assert {entry.channel for entry in read.entries} == set(load_seed("alert_channels")["channel"])


def test_the_waits_that_the_page_names_are_the_seeds() -> None:
    figures = Pace.model_validate(default_figures())
    assert f"after {figures.claim_seconds:g} seconds (`claim_seconds`)" in PAGE
    assert f"up to {figures.jitter_share:.0%}".replace("%", " %") in PAGE
    hours, minutes = divmod(figures.longest_retry_seconds * (1 + figures.jitter_share) / 60, 60)
    assert f"the longest is {hours:.0f} h {minutes:.0f} min" in PAGE


@pytest.mark.parametrize(
    ("change", "is_genuine"),
    [
        ({}, True),
        ({"body": b'{"alerts": [1]}'}, False),
        ({"secret": "another"}, False),
        ({"age": 301}, False),
    ],
)
def test_the_receivers_check_takes_ours_and_nothing_else(change: dict[str, Any], is_genuine: bool) -> None:
    (code,) = blocks("python")
    names: dict[str, Any] = {}
    exec(code, names)  # noqa: S102 (the page's own words)
    timestamp = str(int(time.time()) - change.get("age", 0))
    body = b'{"alerts": []}'
    headers = {"Coopzones-Timestamp": timestamp, "Coopzones-Signature": sign("secret", timestamp, body)}
    assert (
        names["is_genuine"](change.get("secret", "secret"), headers, change.get("body", body)) == is_genuine
    )
