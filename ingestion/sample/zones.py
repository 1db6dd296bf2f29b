"""The invented zones: where they lie, what they are like and what happens to them."""

from collections import Counter
from dataclasses import dataclass
from functools import cache

from ingestion.sample.characters import CHARACTERS, Character
from ingestion.sample.facts import Authority, Prefecture, authorities_in_turn, prefectures_of
from ingestion.sample.stories import STORIES, Story


@dataclass(frozen=True)
class Zone:
    """One invented zone; ``number`` counts from 0 and decides everything about it."""

    number: int
    zone_id: str
    name: str
    authority: Authority
    prefecture: Prefecture
    character: Character
    story: Story

    @property
    def main_year(self) -> int:
        """The year whose totals stand to the thresholds as the character says."""
        return self.story.main_year


@cache
def make_zones(count: int) -> tuple[Zone, ...]:
    """Give the first ``count`` zones, over all kinds of authority and regions in turn."""
    turns = authorities_in_turn()
    of_authority: Counter[str] = Counter()
    of_prefecture: Counter[str] = Counter()
    zones = []
    for number in range(count):
        authority = turns[number % len(turns)]
        prefectures = prefectures_of(authority.code)
        prefecture = prefectures[of_authority[authority.code] % len(prefectures)]
        of_authority[authority.code] += 1
        of_prefecture[prefecture.code] += 1
        zones.append(
            Zone(
                number=number,
                zone_id=f"HZ{prefecture.code}{of_prefecture[prefecture.code]:02d}",
                name=f"样例{number + 1:03d}号中外中小企业合作区",
                authority=authority,
                prefecture=prefecture,
                character=CHARACTERS[number % len(CHARACTERS)],
                story=STORIES[number % len(STORIES)],
            )
        )
    return tuple(zones)
