"""The registry of dirt: every rule has some, and it lies where it says."""

from pathlib import Path

import pytest

from ingestion.sample import SampleShape
from ingestion.sample.dirt import Spread, all_dirt, spread_dirt
from ingestion.sample.draft import make_draft
from ingestion.seeds import load_seed

IMPOSSIBLE_TODAY = {"Q19"}
"""The standard has criteria in force for every report year that S06 lets in."""

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


def test_dirt_that_finds_no_host_says_so() -> None:
    with pytest.raises(LookupError, match="more zones than 2"):
        spread_dirt(make_draft(SampleShape(zones=2)))
