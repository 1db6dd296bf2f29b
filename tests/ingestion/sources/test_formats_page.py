"""What docs/sources_formats.md shows can be followed."""

import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from ingestion.sources.answers import Answer
from ingestion.sources.entries import Source
from ingestion.sources.formats.csv_table import CsvTable

PAGE = (Path(__file__).parents[3] / "docs" / "sources_formats.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"```(\w*)\n(.*?)```", re.DOTALL)


def test_every_example_of_an_entry_is_one(load: Callable[..., tuple[Source, ...]]) -> None:
    entries = load(*(text for language, text in BLOCK.findall(PAGE) if language == "toml"))
    assert entries


def test_the_example_of_a_yearbook_is_read() -> None:
    body = next(text for _, text in BLOCK.findall(PAGE) if text.startswith("数据库")).encode()
    answer = Answer("exports", "", datetime.fromisoformat("2026-03-01T02:00:00"), "0" * 64, len(body))
    assert CsvTable(kind="csv_table").read(body, answer).frame["value"].to_list() == [
        "1,234.5",
        "1200",
        "…",
        "980",
    ]


def test_every_kind_has_its_line() -> None:
    shapes: Any = Source.model_json_schema()["properties"]["format"]["discriminator"]["mapping"]
    assert [kind for kind in shapes if f"| `{kind}` |" not in PAGE] == []
