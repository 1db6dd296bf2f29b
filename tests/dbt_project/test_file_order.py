"""The same inbox gives the same marts, in whatever order its files come to be judged."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.judging.night import judge_night
from ingestion.progress import SilentProgress
from ingestion.reading.new_files import read_new_files
from ingestion.receive import Reception, receive

pytestmark = pytest.mark.slow

MOMENT = "2026-06-30T00:00:00"
LISTED = "select table_name from information_schema.tables where table_schema = 'marts' order by all"

Marts = dict[str, list[tuple[Any, ...]]]


@pytest.fixture(scope="module")
def marts_of(golden_inbox: Path, project_over: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Give a function from a shuffling of the golden inbox's files to all rows of all marts."""
    home = tmp_path_factory.mktemp("file_order")
    reception = receive(str(golden_inbox), home, SilentProgress())
    limits = {"workers": 2, "memory_limit_bytes": 2 * 1024**3, "timeout_seconds": 120.0}
    read_new_files(reception, home, **limits, progress=SilentProgress())

    def judged_in(order: Callable[[Reception], Reception]) -> Marts:
        shutil.rmtree(home / "lake" / "judged", ignore_errors=True)
        judged = judge_night(
            order(reception),
            home,
            as_of=datetime.fromisoformat(MOMENT),
            parameters={},
            progress=SilentProgress(),
        )
        project = project_over(judged.judged_folder, judged.night_folder)
        project.build(MOMENT)
        return {mart: project.rows(f"from marts.{mart} order by all") for (mart,) in project.rows(LISTED)}

    return judged_in


@pytest.fixture(scope="module")
def expected(marts_of: Any) -> Marts:
    marts: Marts = marts_of(lambda reception: reception)
    assert [mart for mart, rows in marts.items() if not rows] == ["changes_since_last_release"]
    return marts


@settings(max_examples=3, deadline=None)
@given(shuffling=st.integers())
def test_another_file_order_gives_the_same_marts(marts_of: Any, expected: Marts, shuffling: int) -> None:
    def shuffled(reception: Reception) -> Reception:
        places = list(range(reception.files.height))
        Random(shuffling).shuffle(places)  # noqa: S311  an order, not a secret
        return replace(reception, files=reception.files[places])

    assert marts_of(shuffled) == expected
