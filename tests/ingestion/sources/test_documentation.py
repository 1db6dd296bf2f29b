"""What docs/sources.md says holds: its example loads, and it names every limit and case where it says so."""

import re
from pathlib import Path

import pytest

from ingestion.seeds import load_seed
from ingestion.sources.configuration import Request, load_sources

TEXT = (Path(__file__).parents[3] / "docs" / "sources.md").read_text(encoding="utf-8")
EXAMPLES = [
    example for example in re.findall(r"```toml\n(.*?)```", TEXT, re.DOTALL) if "[[source]]" in example
]


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_can_be_followed(tmp_path: Path, example: str) -> None:
    path = tmp_path / "sources.toml"
    path.write_text(example, encoding="utf-8")
    secrets = dict.fromkeys(re.findall(r'value_from = "(\w+)"', example), "secret-of-an-example")
    assert load_sources(path, secrets).entries


def test_every_key_of_a_request_is_told() -> None:
    told = TEXT[TEXT.index("## What is asked") : TEXT.index("## Limits")]
    names = {field.alias or name for name, field in Request.model_fields.items()}
    assert [name for name in sorted(names) if f"`{name}`" not in told] == []


def test_the_cases_that_are_told_are_the_seeds() -> None:
    section = TEXT[TEXT.index("## What goes wrong outside") : TEXT.index("## What is kept")]
    told = {
        case
        for row in re.findall(r"^\| (`.*?`) \|", section, re.MULTILINE)
        for case in re.findall(r"`(\w+)`", row)
    }
    assert told
    assert told <= set(load_seed("source_messages")["case_id"])
