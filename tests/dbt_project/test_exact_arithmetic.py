"""Ratios are compared and rounded exactly, against Python's fractions (contract: "Exactness").

Numbers are integers in units of the 18th decimal, as the lake keeps 18; 0.6 is 600,000,000,000,000,000.
"""

from collections.abc import Callable, Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import duckdb
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

ONE = 10**18
LARGEST = 10**36 - 1
"""What a million cells of 12 digits before the point add up to at most."""

Row = tuple[int | None, ...]
Run = Callable[[str, Iterable[Row]], list[Any]]

positive = st.integers(1, LARGEST) | st.integers(1, 99).map(lambda whole: whole * ONE)
from_zero = st.just(0) | positive
ratios = st.tuples(from_zero, from_zero, positive, positive) | st.tuples(
    from_zero, st.just(ONE), positive, st.just(ONE)
)
batches = st.lists(ratios, min_size=1, max_size=60)
in_batches = settings(max_examples=60, deadline=None)


@pytest.fixture(scope="module")
def run(project: Any) -> Run:
    """Give a function that runs one of the macros over rows of a ratio's parts and a threshold."""
    names = ["numerator", "numerator_factor", "denominator", "denominator_factor", "threshold"]
    ratio = "'numerator', 'numerator_factor', 'denominator', 'denominator_factor'"
    macros = {
        "compared": project.sql(f"{{{{ ratio_compared({ratio}, 'threshold') }}}}"),
        "rounded to 9": project.sql(f"{{{{ ratio_rounded({ratio}, 9) }}}}"),
        "rounded to 2": project.sql(f"{{{{ ratio_rounded({ratio}, 2) }}}}"),
    }
    lists = ", ".join(f"unnest(${name}::varchar[])::decimal(38, 18) as {name}" for name in names)
    connection = duckdb.connect()

    def run_macro(macro: str, rows: Iterable[Row]) -> list[Any]:
        columns = zip(*([None if part is None else _text(part) for part in row] for row in rows), strict=True)
        parts = dict(zip(names, map(list, columns), strict=True))
        found = connection.execute(f"with parts as (select {lists}) select {macros[macro]} from parts", parts)
        return [value for (value,) in found.fetchall()]

    return run_macro


def _text(unscaled: int) -> str:
    return f"{'-' if unscaled < 0 else ''}{abs(unscaled) // ONE}.{abs(unscaled) % ONE:018d}"


def sign(number: Fraction) -> int:
    return (number > 0) - (number < 0)


def value(parts: Row) -> Fraction:
    above, factor, below, below_factor = (Fraction(part or 0) for part in parts[:4])
    return above * factor / (below * below_factor)


def half_up(number: Fraction, places: int) -> Decimal:
    scaled = number * 10**places + Fraction(1, 2)
    return Decimal(scaled.numerator // scaled.denominator).scaleb(-places)


@given(st.lists(st.tuples(ratios, from_zero), min_size=1, max_size=60))
@example([((1331 * ONE, ONE, 1000 * ONE, ONE), 1331 * ONE // 1000)])
@example(
    [((6 * ONE // 10, ONE, ONE, ONE), 6 * ONE // 10), ((6 * ONE // 10 - 1, ONE, ONE, ONE), 6 * ONE // 10)]
)
@in_batches
def test_a_comparison_agrees_with_fractions(run: Run, rows: list[tuple[Row, int]]) -> None:
    found = run("compared", [(*parts, threshold) for parts, threshold in rows])

    assert found == [sign(value(parts) - Fraction(threshold, ONE)) for parts, threshold in rows]


@given(
    st.lists(
        st.tuples(st.integers(1, LARGEST), st.integers(1, LARGEST), st.integers(1, 99)),
        min_size=1,
        max_size=60,
    )
)
@in_batches
def test_a_tie_is_told_from_its_neighbours_one_18th_decimal_beside_it(
    run: Run, rows: list[tuple[int, int, int]]
) -> None:
    tied = [
        (denominator * threshold + step, factor, denominator, factor, threshold * ONE)
        for denominator, factor, threshold in rows
        for step in (-1, 0, 1)
    ]

    assert run("compared", tied) == [-1, 0, 1] * len(rows)


@given(batches)
@in_batches
def test_a_lead_over_the_province_is_a_product_against_a_product(run: Run, rows: list[Row]) -> None:
    """V(T) × P(T-3) is held against V(T-3) × P(T): the lead is more than 1 when it is larger."""
    found = run(
        "compared", [(present, base_of, base, present_of, ONE) for present, base_of, base, present_of in rows]
    )

    assert found == [sign(Fraction(v * b - v0 * p)) for v, b, v0, p in rows]


@given(st.lists(st.tuples(st.integers(1, 10**15), st.integers(0, 10**15)), min_size=1, max_size=60))
@example([(1000, 1331), (1000, 1330), (1000, 1332)])
@in_batches
def test_growth_over_three_years_is_compared_without_rounding(run: Run, rows: list[tuple[int, int]]) -> None:
    """At least 10 % a year for three years is V(T) ≥ V(T-3) × 1.331."""
    found = run("compared", [(present, ONE, base, ONE, 1331 * ONE // 1000) for base, present in rows])

    assert [compared >= 0 for compared in found] == [present * 1000 >= base * 1331 for base, present in rows]


@given(batches)
@example([(ONE, ONE, 2 * 10**9 * ONE, ONE), (ONE - 1, ONE, 2 * 10**9 * ONE, ONE)])
@in_batches
def test_a_stored_ratio_is_rounded_half_up_to_9_places(run: Run, rows: list[Row]) -> None:
    storable = [parts for parts in rows if value(parts) < 10**17]
    if storable:
        found = run("rounded to 9", [(*parts, None) for parts in storable])

        assert found == [half_up(value(parts), 9) for parts in storable]


def test_a_ratio_too_large_to_store_is_null_and_no_error(run: Run) -> None:
    assert run("rounded to 9", [(LARGEST, LARGEST, 1, 1, None)]) == [None]


def test_a_ratio_over_zero_is_null(run: Run) -> None:
    assert run("rounded to 9", [(ONE, ONE, 0, ONE, None)]) == [None]


@given(st.lists(st.tuples(st.integers(0, 10_000), st.integers(1, 40)), min_size=1, max_size=60))
@example([(25, 3), (1, 8), (5, 2)])
@in_batches
def test_a_score_is_rounded_half_up_to_2_places(run: Run, rows: list[tuple[int, int]]) -> None:
    found = run(
        "rounded to 2", [(cents * ONE // 100, ONE, experts * ONE, ONE, None) for cents, experts in rows]
    )

    assert found == [half_up(Fraction(cents, 100 * experts), 2) for cents, experts in rows]


@pytest.mark.parametrize("missing", range(5))
def test_a_comparison_with_a_missing_part_is_null(run: Run, missing: int) -> None:
    parts: list[int | None] = [2 * ONE] * 5
    parts[missing] = None

    assert run("compared", [tuple(parts)]) == [None]
