"""Text from workbooks made fit for people: readable, of bearable length, and never a formula."""

import unicodedata

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""What makes a spreadsheet run a text as a formula when it leads a cell."""

INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Unicode categories that show nothing or turn the text around them: controls, formats, line separators.
Not the private and unassigned ones: rare characters of Chinese names stand there."""

LONGEST = 200
"""How many characters of one text the site shows."""

LONGEST_MESSAGE = 1000
"""How many of a message of our own, which has to be read to its end."""


def as_spreadsheet_text(text: str) -> str:
    """Give ``text`` so that a spreadsheet shows it and never runs it: led by an apostrophe where it would.

    For every export that a spreadsheet opens or is pasted from: CSV, workbooks, the site's tables. Not for
    Parquet and DuckDB: there a text column is text for whoever reads it, and the true value must stay, since
    keys are joined on it.
    """
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def legible(text: str, longest: int = LONGEST) -> str:
    """Give ``text`` with its invisible characters named (``⟨U+202E⟩``), cut after ``longest`` characters.

    A cut text ends in its full length, ``…（10000 字 / chars）``, so that nobody takes it for the whole.
    """
    if len(text) <= longest and text.isprintable():
        return text
    shown = "".join(
        f"⟨U+{ord(character):04X}⟩" if unicodedata.category(character) in INVISIBLE else character
        for character in text[:longest]
    )
    return f"{shown}…（{len(text)} 字 / chars）" if len(text) > longest else shown


def site_text(text: str | None, longest: int = LONGEST) -> str:
    """Give a workbook's ``text`` as a table cell of the site shows it; nothing for ``None``."""
    return "" if text is None else legible(as_spreadsheet_text(text), longest)
