"""The check character of the unified social credit code for a whole column at once (GB 32100-2015)."""

from functools import cache
from itertools import product

import polars as pl

from ingestion.uscc import ALPHABET, LENGTH, WEIGHTS

WELL_FORMED = rf"^[{ALPHABET}]{{{LENGTH}}}$"
"""18 characters of the alphabet; it says nothing of the check character."""

PAIR = 2


def is_well_formed(code: pl.Expr) -> pl.Expr:
    """Tell whether ``code`` has the length and the alphabet; null where it is null."""
    return code.str.contains(WELL_FORMED)


def is_checked(code: pl.Expr) -> pl.Expr:
    """Tell whether the check character of ``code`` is right; null where it is not well formed.

    The 18th character weighs 1: with it the weighted sum of a right code is a multiple of 31.
    """
    well_formed = pl.when(is_well_formed(code)).then(code)
    weighted = pl.sum_horizontal(
        well_formed.str.slice(place, PAIR).replace_strict(_weighted_pairs(place), return_dtype=pl.Int32)
        for place in range(0, LENGTH, PAIR)
    )
    return pl.when(is_well_formed(code)).then(weighted % len(ALPHABET) == 0)


@cache
def _weighted_pairs(place: int) -> dict[str, int]:
    """Give the weighted sum of every two characters that may stand at ``place``; pairs halve the look-ups."""
    first, second = (*WEIGHTS, 1)[place : place + PAIR]
    values = {character: value for value, character in enumerate(ALPHABET)}
    return {a + b: values[a] * first + values[b] * second for a, b in product(ALPHABET, repeat=PAIR)}
