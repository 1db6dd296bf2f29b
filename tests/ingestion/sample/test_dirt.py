"""The registry of dirt: every rule has some, and it lies where it says."""

from pathlib import Path

import pytest

from ingestion.progress import SilentProgress
from ingestion.sample import SampleShape, write_sample_inbox
from ingestion.sample.dirt import Spread, all_dirt, spread_dirt
from ingestion.sample.draft import make_draft
from ingestion.seeds import load_seed

IMPOSSIBLE_TODAY = {"Q19", "M06", "M07"}
"""The standard has criteria in force for every report year that S06 lets in; what sources from outside answer
is nothing that an inbox could hold."""

RULES = load_seed("quality_rules")["rule_id"].to_list()


@pytest.mark.parametrize("rule_id", [rule_id for rule_id in RULES if rule_id not in IMPOSSIBLE_TODAY])
def test_every_rule_has_dirt(rule_id: str) -> None:
    assert any(rule_id in dirt.rule_ids for dirt in all_dirt())


def test_dirt_names_only_rules_that_there_are() -> None:
    assert {rule_id for dirt in all_dirt() for rule_id in dirt.rule_ids} <= set(RULES)


def test_every_piece_of_dirt_lies_in_a_file_of_the_inbox(spread: list[Spread], made_inbox: Path) -> None:
    for piece in spread:
        places = (made_inbox / "submissions" / piece.file_name, made_inbox / piece.file_name)
        assert any(place.exists() for place in places), piece


def test_the_bundled_sample_bears_all_dirt(spread: list[Spread]) -> None:
    assert [piece.name for piece in spread] == [dirt.name for dirt in all_dirt()]


@pytest.mark.parametrize(("zones", "enterprises"), [(1, 40), (5, 25), (26, 1), (30, 19)])
def test_a_small_sample_is_written_with_the_dirt_that_it_can_bear(
    zones: int, enterprises: int, tmp_path: Path
) -> None:
    shape = SampleShape(zones=zones, enterprises=enterprises)
    write_sample_inbox(tmp_path, shape, SilentProgress())
    spread = spread_dirt(make_draft(shape))
    assert 0 < len(spread) < len(all_dirt())
    for piece in spread:
        places = (tmp_path / "submissions" / piece.file_name, tmp_path / piece.file_name)
        assert any(place.exists() for place in places), piece
