"""What is wrong in the sample on purpose: a case of every rule, and what must be read all the same.

Belongs here: small pieces of dirt, each naming the rule that must find it. Does not belong here: the rules.
"""

from ingestion.sample.dirt import accepted, answers, entries, files, questions, roster, sheets, tables
from ingestion.sample.dirt.registry import Dirt, Spread, dirt_of
from ingestion.sample.draft import Draft, NoHostError

MODULES = (files, sheets, roster, tables, accepted, entries, questions, answers)
"""What registers dirt, in the order in which it is spread; answers come last, for they look at the rest."""

__all__ = ["Dirt", "Spread", "all_dirt", "spread_dirt"]


def all_dirt() -> list[Dirt]:
    """Give all dirt in the order in which it is spread."""
    return [dirt for module in MODULES for dirt in dirt_of(module)]


def spread_dirt(draft: Draft) -> list[Spread]:
    """Spread all dirt over ``draft``; give where each piece lies and which rules must find it there.

    Left out is what the sample is too small for; one of the bundled size or larger bears everything.
    """
    spread = []
    for dirt in all_dirt():
        try:
            spread.append(Spread(dirt.name, dirt.rule_ids, dirt.spread(draft)))
        except NoHostError:
            continue
    return spread
