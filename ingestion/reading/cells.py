"""The one text of a cell: what stands in the lake for text, numbers, dates, booleans, errors and blanks."""

from collections.abc import Sequence
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


def cell_text(value: Any) -> str | None:
    """Give the text of one cell as the workbook library gives it; ``None`` for a blank one.

    Text stands as it is; a date cell is its day, whatever its time; a time without a day is its clock
    time, which no field of the contract can be read from.
    """
    match value:
        case str():
            return value if value.strip() else None
        case bool():
            return "TRUE" if value else "FALSE"
        case float() | int():
            return number_text(value)
        case datetime():
            return value.date().isoformat()
        case date() | time():
            return value.isoformat()
        case timedelta():
            return str(value)
        case None:
            return None
    raise TypeError(f"a cell of the unknown type {type(value).__name__}")


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
