"""Tables that stand somewhere in a grid of cells: found by their headings, and laid out.

Belongs here: header rows, the lines before and after a table, and both ways of reading it: a list of records,
or labels along both edges and figures between them. Does not belong here: where the cells come from.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from ingestion.reading.names import fold_name
from ingestion.seeds import load_seed
from ingestion.sources.errors import AnswerUnreadableError
from ingestion.sources.formats.table import Table

VALUE = "value"
TOLD = re.compile(r"\s*([^:：]+?)\s*[:：]\s*(.*?)\s*", re.DOTALL)
"""A line such as 指标：货物出口总额, before or after a table."""


@dataclass(frozen=True)
class Row:
    """A row that holds anything: its number, as a person counts, and its cells, null where blank."""

    number: int
    cells: list[str | None]

    def cell(self, place: int) -> str | None:
        """Give the cell at ``place`` (from 0), null beyond the end."""
        return self.cells[place] if place < len(self.cells) else None

    @property
    def filled(self) -> list[str]:
        """The cells that are not blank."""
        return [cell for cell in self.cells if cell is not None]


@dataclass(frozen=True)
class Found:
    """A table within a grid: its header row, the rows below it, and what the lines around it tell by name."""

    header: Row
    rows: list[Row]
    told: dict[str, str]


def find_table(
    rows: Sequence[Row],
    is_header: Callable[[Row], bool],
    wanted: str,
    is_label: Callable[[str], bool] | None = None,
) -> Found:
    """Give the table below the first of ``rows`` that ``is_header``; its footer begins at a note or a source.

    Where the labels of rows are known (``is_label``), a line of a single cell that is none is a note too, and
    no row may follow the footer. Raises ``AnswerUnreadableError``: no_header (``wanted`` says what was looked
    for), no_rows, or unexpected_shape when a row follows the footer or is not as wide as the header.
    """
    place = next((place for place, row in enumerate(rows) if is_header(row)), None)
    if place is None:
        raise AnswerUnreadableError("no_header", f"no row of headings with {wanted}")
    below = rows[place + 1 :]
    end = next((at for at, row in enumerate(below) if is_footer(row, is_label)), len(below))
    if end == 0:
        raise AnswerUnreadableError("no_rows", f"row {rows[place].number}: nothing below the headings")
    for row in below[end:]:
        if is_label is not None and len(row.filled) > 1 and is_label(row.filled[0]):
            raise AnswerUnreadableError(
                "unexpected_shape", f"row {row.number}: the table goes on after a note"
            )
    return Found(
        check_widths(rows[place], below[:end]), list(below[:end]), _told([*rows[:place], *below[end:]])
    )


def check_widths(header: Row, rows: Sequence[Row]) -> Row:
    """Give ``header`` back; raise ``AnswerUnreadableError`` where a row's cells don't fit its headings.

    A row that is cut off, or split at a thousands separator, would put figures under another year.
    """
    width = max((place for place, cell in enumerate(header.cells) if cell is not None), default=-1) + 1
    for row in rows:
        if len(row.cells) < width or any(cell is not None for cell in row.cells[len(header.cells) :]):
            raise AnswerUnreadableError(
                "unexpected_shape", f"row {row.number}: {len(row.cells)} cells, {width} headings"
            )
    return header


def named_headings(header: Row, name: Callable[[str], str]) -> dict[int, str]:
    """Give the headings by place; raise ``AnswerUnreadableError`` (repeated_column) if one is twice."""
    named = {place: name(cell) for place, cell in enumerate(header.cells) if cell is not None}
    twice = sorted({text for text in named.values() if list(named.values()).count(text) > 1})
    if twice:
        raise AnswerUnreadableError("repeated_column", "、".join(twice))
    return named


def list_table(header: Row, rows: Sequence[Row], told: dict[str, str]) -> Table:
    """Give the records below ``header``: a column a heading, after NFKC and without white space."""
    headings = named_headings(header, fold_name)
    constants = {name: text for name, text in told.items() if name not in headings.values()}
    return Table.of(
        [*headings.values(), *constants],
        [[*(row.cell(place) for place in headings), *constants.values()] for row in rows],
    )


def matrix_table(found: Found, label: str, heading: str, beside: dict[str, str]) -> Table:
    """Give the figures between the labels of rows (column ``label``) and of columns (``heading``).

    ``beside`` names further columns by their headings, the row's unit say, which hold no figures.
    """
    headings = named_headings(found.header, fold_name)
    corner = min(headings)
    places = {name: _place_of(headings, text) for name, text in beside.items()}
    figures = [place for place in headings if place != corner and place not in places.values()]
    own = [label, heading, VALUE, *places]
    constants = {name: text for name, text in found.told.items() if name not in own}
    return Table.of(
        [*own, *constants],
        [
            [
                row.cell(corner),
                found.header.cells[place],
                row.cell(place),
                *(row.cell(at) for at in places.values()),
                *constants.values(),
            ]
            for row in found.rows
            for place in figures
        ],
    )


def is_footer(row: Row, is_label: Callable[[str], bool] | None) -> bool:
    """Tell whether a table ends before ``row``, which tells its source (数据来源：…) or a note (注：…)."""
    if is_label is not None and len(row.cells) == 1 and not is_label(row.filled[0]):
        return True
    told = TOLD.fullmatch(row.filled[0])
    return told is not None and fold_name(told[1]).rstrip("0123456789").casefold() in _footers()


@cache
def headings_of(dimension: str) -> frozenset[str]:
    """Give what stands above the labels of ``dimension`` (region, year, indicator), folded."""
    return frozenset(map(fold_name, load_seed("source_headings").filter(stands_for=dimension)["heading"]))


@cache
def _footers() -> frozenset[str]:
    footers = load_seed("source_headings").filter(stands_for="footer")["heading"]
    return frozenset(fold_name(text).casefold() for text in footers)


def _told(rows: Sequence[Row]) -> dict[str, str]:
    """Give what lines such as 指标：… tell, by folded name; the first of a name counts."""
    told: dict[str, str] = {}
    for row in rows:
        match = TOLD.fullmatch(",".join(row.filled))
        if match is not None:
            told.setdefault(fold_name(match[1]), match[2])
    return told


def _place_of(headings: dict[int, str], text: str) -> int:
    place = next((place for place, name in headings.items() if name == fold_name(text)), None)
    if place is None:
        raise AnswerUnreadableError("absent_column", text)
    return place
