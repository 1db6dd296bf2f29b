"""The laws of met, not_met and unknown (contract: "Exactness", OR and AND)."""

from collections.abc import Callable
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

RESULTS = ["met", "not_met", "unknown"]
NEGATED = {"met": "not_met", "not_met": "met", "unknown": "unknown"}
AS_NUMBER = {"not_met": 0, "unknown": 1, "met": 2}

results = st.lists(st.sampled_from(RESULTS), min_size=1, max_size=8)
Fold = Callable[[list[str]], str]


def folded(project: Any, macro: str) -> Fold:
    """Give a macro over a group of rows as a function of a list."""
    expression = project.sql(f"{{{{ {macro}('result') }}}}")
    connection = duckdb.connect()

    def fold(values: list[str]) -> str:
        query = f"select {expression} from (select unnest($values::varchar[]) as result)"
        return str(connection.execute(query, {"values": values}).fetchone()[0])

    return fold


@pytest.fixture(scope="module")
def any_met(project: Any) -> Fold:
    return folded(project, "any_met")


@pytest.fixture(scope="module")
def all_met(project: Any) -> Fold:
    return folded(project, "all_met")


@given(results)
def test_or_is_met_by_any_met_else_unknown_by_any_unknown(any_met: Fold, values: list[str]) -> None:
    expected = "met" if "met" in values else "unknown" if "unknown" in values else "not_met"

    assert any_met(values) == expected


@given(results)
def test_and_is_not_met_by_any_not_met_else_unknown_by_any_unknown(all_met: Fold, values: list[str]) -> None:
    expected = "not_met" if "not_met" in values else "unknown" if "unknown" in values else "met"

    assert all_met(values) == expected


@given(st.data(), results)
def test_order_does_not_matter(any_met: Fold, all_met: Fold, data: Any, values: list[str]) -> None:
    other_order = data.draw(st.permutations(values))

    assert any_met(other_order) == any_met(values)
    assert all_met(other_order) == all_met(values)


@given(results, results)
def test_grouping_does_not_matter(any_met: Fold, all_met: Fold, first: list[str], second: list[str]) -> None:
    assert any_met([any_met(first), any_met(second)]) == any_met(first + second)
    assert all_met([all_met(first), all_met(second)]) == all_met(first + second)


@given(results)
def test_or_is_the_best_and_and_is_the_worst_of_its_parts(
    any_met: Fold, all_met: Fold, values: list[str]
) -> None:
    numbers = [AS_NUMBER[value] for value in values]

    assert AS_NUMBER[any_met(values)] == max(numbers)
    assert AS_NUMBER[all_met(values)] == min(numbers)


@given(results)
def test_what_negates_or_is_and_of_the_negated(any_met: Fold, all_met: Fold, values: list[str]) -> None:
    assert NEGATED[any_met(values)] == all_met([NEGATED[value] for value in values])


@given(results)
def test_settling_what_is_unknown_never_overturns_what_was_known(
    any_met: Fold, all_met: Fold, values: list[str]
) -> None:
    for fold in (any_met, all_met):
        if (known := fold(values)) != "unknown":
            for settled in ("met", "not_met"):
                assert fold([settled if value == "unknown" else value for value in values]) == known


@pytest.mark.parametrize(
    ("condition", "expected"), [("true", "met"), ("false", "not_met"), ("cast(null as boolean)", "unknown")]
)
def test_a_condition_that_is_null_is_unknown(project: Any, condition: str, expected: str) -> None:
    expression = project.sql("{{ result_of('fulfilled') }}")

    assert duckdb.sql(f"select {expression} from (select {condition} as fulfilled)").fetchone() == (expected,)


def test_two_ends_of_a_range_agree_or_are_unknown(project: Any) -> None:
    expression = project.sql("{{ agreed('low', 'high') }}")

    for low in RESULTS:
        for high in RESULTS:
            found = duckdb.sql(
                f"select {expression} from (select '{low}' as low, '{high}' as high)"
            ).fetchone()
            assert found == (low if low == high else "unknown",)
