"""The words of statistics: regions, units, years, numbers and what stands where a figure is missing.

Belongs here: telling what a text of an answer means, by the seeds. Does not belong here: which column holds
what (``mapping``).
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from ingestion.reading.names import fold_name
from ingestion.seeds import load_seed

YEAR = re.compile(r"([0-9]{4})(?:年度?|YY|\.0+)?")
NUMBER = re.compile(r"(-?)([0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.([0-9]+))?")
CODE_LENGTHS = (6, 12)
"""A province's code is given with six digits, or with those of its lower divisions behind them."""


@dataclass(frozen=True)
class Region:
    """What a region's name or code means: a province's ``code``, null for what no province is (全国)."""

    code: str | None


@dataclass(frozen=True)
class Unit:
    """What a unit means in the ledger's own: figures move by ``shift`` decimal places, -1 is a tenth."""

    unit: str
    shift: int


def region_of(text: str) -> Region | None:
    """Give the region that ``text`` names; ``None`` where nobody knows it."""
    return _regions().get(fold_name(text).casefold())


def unit_of(text: str) -> Unit | None:
    """Give the unit that ``text`` names; ``None`` where nobody knows it."""
    return _units().get(fold_name(text).casefold())


def year_of(text: str) -> str | None:
    """Give the four digits of the year that ``text`` is (2024年, 2024, 2024YY); ``None`` where it is none."""
    match = YEAR.fullmatch(fold_name(text))
    return match[1] if match else None


def number_of(text: str) -> str | None:
    """Give the number that ``text`` is, without separators and needless zeros; ``None`` where it is none.

    Two texts are the same number exactly when this gives the same. Digits are never lost.
    """
    match = NUMBER.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if match is None:
        return None
    sign, whole, places = match[1], match[2].replace(",", ""), match[3] or ""
    return _written(sign, whole, places)


def shifted(number: str, shift: int) -> str:
    """Give ``number`` (of ``number_of``) times ten to the power of ``shift``, exactly."""
    sign = "-" if number.startswith("-") else ""
    whole, _, places = number.removeprefix("-").partition(".")
    if shift >= 0:
        places = places.ljust(shift, "0")
        return _written(sign, whole + places[:shift], places[shift:])
    whole = whole.rjust(1 - shift, "0")
    return _written(sign, whole[:shift], whole[shift:] + places)


def is_missing(text: str) -> bool:
    """Tell whether ``text`` stands for a figure that there is not: blank, …, --."""
    return fold_name(text) in _missing_marks()


def _written(sign: str, whole: str, places: str) -> str:
    whole, places = whole.lstrip("0") or "0", places.rstrip("0")
    written = f"{whole}.{places}" if places else whole
    return written if written == "0" else sign + written


@cache
def _regions() -> dict[str, Region]:
    """Give every name and code by folded text: the authorities', and the seed of further names."""
    known: dict[str, Region] = {}
    for code, parent, *names in (
        load_seed("provincial_authorities")
        .select("authority_code", "parent_province_code", "name_zh", "name_en")
        .iter_rows()
    ):
        codes = [code.ljust(length, "0") for length in CODE_LENGTHS]
        region = Region(code if code == parent else None)  # a plan city's figures are in its province's
        known |= dict.fromkeys([fold_name(text).casefold() for text in (*codes, *names)], region)
    for name, code in load_seed("source_regions").select("name", "region_code").iter_rows():
        known[fold_name(name).casefold()] = Region(code)
    return known


@cache
def _units() -> dict[str, Unit]:
    rows = load_seed("source_units").select("text", "unit", "shift").iter_rows()
    return {fold_name(text).casefold(): Unit(unit, int(shift)) for text, unit, shift in rows}


@cache
def _missing_marks() -> frozenset[str]:
    return frozenset({"", *map(fold_name, load_seed("source_missing_marks")["mark"])})
