"""How the rooms tell what they are doing, without knowing who listens (terminal, Dagster's log, nobody)."""

from typing import Protocol


class Progress(Protocol):
    """What a step reports while it works."""

    def step(self, name: str, total: int | None = None) -> None:
        """Begin the step ``name`` of ``total`` units (``None``: unknown)."""

    def advance(self, count: int = 1) -> None:
        """Say that ``count`` more units of the present step are done."""

    def note(self, text: str) -> None:
        """Say one line worth reading."""


class SilentProgress:
    """A listener that shows nothing."""

    def step(self, name: str, total: int | None = None) -> None:
        """Ignore the step."""

    def advance(self, count: int = 1) -> None:
        """Ignore the units."""

    def note(self, text: str) -> None:
        """Ignore the line."""
