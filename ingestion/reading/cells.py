"""The one text of a cell: what stands in the lake for text, numbers, dates, booleans, errors and blanks."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import polars as pl

EXACT_INTEGER = 2.0**53
"""Below this every integral float is the integer that it shows."""


def number_text(value: float) -> str:
    """Give the shortest decimal that reproduces ``value``, without an exponent; 12.0 is ``12``."""
    if value == 0:
        return "0"
    shortest = repr(value)
    if "e" in shortest:
        shortest = format(Decimal(shortest), "f")
    return shortest.removesuffix(".0")


TEXT_OF: dict[type, Callable[[Any], str | None]] = {
    str: lambda text: text if text.strip() else None,
    bool: lambda truth: "TRUE" if truth else "FALSE",
    int: number_text,
    float: number_text,
    datetime: lambda moment: moment.date().isoformat(),
    date: date.isoformat,
    time: time.isoformat,
    timedelta: str,
}
"""How each type that the workbook library gives becomes text. A time without a day is its clock time, which
no field of the contract can be read from."""


def cell_text(value: Any) -> str | None:
    """Give the text of one cell as the workbook library gives it; ``None`` for a blank one.

    Text stands as it is; a date cell is its day, whatever its time.
    """
    return TEXT_OF[type(value)](value)


def column_text(values: Sequence[Any]) -> pl.Series:
    """Give the texts of a column's cells: ``cell_text`` of each, many at once where they are of one type."""
    types = list(map(type, values))
    kinds = set(types)
    if kinds <= {str}:
        return _text(pl.Series(values, dtype=pl.String))
    if kinds <= {str, float} and types.count(str) == values.count(""):
        return _numbers(pl.Series(values, dtype=pl.Float64, strict=False))
    return pl.Series([cell_text(value) for value in values], dtype=pl.String)


def _text(texts: pl.Series) -> pl.Series:
    return texts.set(texts.str.strip_chars() == "", None)


def _numbers(numbers: pl.Series) -> pl.Series:
    integral = (numbers == numbers.floor()) & (numbers.abs() < EXACT_INTEGER)
    if integral.all():
        return numbers.cast(pl.Int64).cast(pl.String)
    texts = numbers.cast(pl.String).str.strip_suffix(".0")
    odd = (texts.str.contains(r"[^0-9.-]") | (numbers == 0)).fill_null(value=False)
    if not odd.any():
        return texts
    places = odd.arg_true()
    return texts.scatter(places, [number_text(value) for value in numbers.gather(places)])
