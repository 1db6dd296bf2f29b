"""The check character of a whole column against that of one code, and against codes that exist."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.judging.credit_codes import is_checked, is_well_formed
from ingestion.uscc import ALPHABET, LENGTH, check_character

bodies = st.text(alphabet=ALPHABET, min_size=LENGTH - 1, max_size=LENGTH - 1)


def judge(codes: list[str | None]) -> list[tuple[bool | None, bool | None]]:
    column = pl.DataFrame({"code": pl.Series(codes, dtype=pl.String)})
    return column.select(form=is_well_formed(pl.col("code")), check=is_checked(pl.col("code"))).rows()


@settings(deadline=None)
@given(st.lists(st.tuples(bodies, st.sampled_from(ALPHABET)), min_size=1))
def test_a_column_is_checked_as_each_code_by_itself(codes: list[tuple[str, str]]) -> None:
    assert judge([body + last for body, last in codes]) == [
        (True, check_character(body) == last) for body, last in codes
    ]


@settings(deadline=None)
@given(bodies, st.integers(0, LENGTH - 2), st.sampled_from(ALPHABET))
def test_one_mistyped_character_is_always_noticed(body: str, place: int, other: str) -> None:
    mistyped = body[:place] + other + body[place + 1 :]
    (_, checked), *_ = judge([mistyped + check_character(body)])
    assert checked == (mistyped == body)


def test_the_example_of_the_standard_is_right() -> None:
    assert judge(["91350100M000100Y43"]) == [(True, True)]


@pytest.mark.parametrize(
    "code",
    ["", "9135", "91350100M000100Y4", "91350100M000100Y433", "91350100M000100y43", "9135O100M000100Y43"],
)
def test_what_has_another_form_is_not_checked(code: str) -> None:
    assert judge([code]) == [(False, None)]


def test_a_blank_code_is_not_judged() -> None:
    assert judge([None]) == [(None, None)]


@pytest.mark.parametrize("body", ["", "9" * 16, "9" * 18, "9135O100M000100Y4"])
def test_a_body_of_another_form_has_no_check_character(body: str) -> None:
    with pytest.raises(ValueError, match="expected 17 characters"):
        check_character(body)
