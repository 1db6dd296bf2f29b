"""The list of all dirt: its name, the rules that must find it, and how it is spread."""

from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType

from ingestion.sample.draft import Draft

Spreader = Callable[[Draft], str]
"""Changes the draft and gives the file it changed: a workbook below submissions, or a ledger's file."""


@dataclass(frozen=True)
class Dirt:
    """A piece of dirt and all rules that must find it; none: it must be read as if nothing were wrong."""

    name: str
    rule_ids: tuple[str, ...]
    spread: Spreader


@dataclass(frozen=True)
class Spread:
    """Where a piece of dirt lies and which rules must find it there."""

    name: str
    rule_ids: tuple[str, ...]
    file_name: str


_REGISTERED: dict[str, Dirt] = {}


def dirt(*rule_ids: str) -> Callable[[Spreader], Spreader]:
    """Register the decorated function as dirt that the rules must find; none: that must be accepted."""

    def register(spread: Spreader) -> Spreader:
        name = spread.__name__
        if name in _REGISTERED:
            raise ValueError(f"dirt {name!r} is registered twice")
        _REGISTERED[name] = Dirt(name, rule_ids, spread)
        return spread

    return register


def dirt_of(module: ModuleType) -> list[Dirt]:
    """Give the dirt that ``module`` registers, in its order."""
    return [dirt for dirt in _REGISTERED.values() if dirt.spread.__module__ == module.__name__]
