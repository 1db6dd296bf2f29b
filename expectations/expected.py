"""What an expectation is: its name, the table it is about, its words, and what it measures.

Belongs here: the shapes that the rest of the room hands on. Does not belong here: where they are listed
(``catalogue``, ``rules``) and Great Expectations.
"""

from dataclasses import dataclass


class CatalogueError(ValueError):
    """The seeds of expectations and the queries contradict each other."""


@dataclass(frozen=True)
class Truth:
    """A query for the rows that must not be."""

    query: str


@dataclass(frozen=True)
class ValueSet:
    """The values that a column may have; null passes."""

    column: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Range:
    """The ends between which a column lies, both included; ``None`` is open, and null passes."""

    column: str
    minimum: float | None
    maximum: float | None


@dataclass(frozen=True)
class Findings:
    """A query for what a rule asks, and how much of it is tolerated, as SQL: a count, or a share of rows."""

    query: str
    tolerated: str

    @property
    def excess(self) -> str:
        """Give the query for the rows when there are more than tolerated; it gives none otherwise."""
        return f"select * from ({self.query}) as asked qualify count(*) over () > {self.tolerated}"  # noqa: S608


@dataclass(frozen=True)
class Expected:
    """One expectation, about the table ``table`` (``schema.name``).

    ``suite`` is the suite that shows it, where it is not the table's. The verdict on a quality rule carries
    the rule's ``article``.
    """

    name: str
    table: str
    severity: str
    description_zh: str
    description_en: str
    measure: Truth | ValueSet | Range | Findings
    suite: str | None = None
    article: str | None = None
