"""The one text of every kind of cell."""

import math
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.reading.cells import cell_text, column_text, number_text

FINITE = st.floats(allow_nan=False, allow_infinity=False)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (12.0, "12"),
        (12.5, "12.5"),
        (0.1 + 0.2, "0.30000000000000004"),
        (0.0012345678901234567, "0.0012345678901234567"),
        (1e20, "100000000000000000000"),
        (1e-7, "0.0000001"),
        (-1.5e-9, "-0.0000000015"),
        (-0.0, "0"),
        (0.0, "0"),
        (2.0**53, "9007199254740992"),
        (123456789012345678.0, "123456789012345680"),
        (1e16, "10000000000000000"),
    ],
)
def test_a_number_is_its_shortest_decimal_without_an_exponent(value: float, text: str) -> None:
    assert number_text(value) == text
    assert column_text([value]).to_list() == [text]
    assert column_text([value, "", 0.5]).to_list() == [text, None, "0.5"]
    assert column_text([value, "约五十"]).to_list() == [text, "约五十"]


@given(FINITE)
def test_a_number_text_reproduces_any_float_exactly(value: float) -> None:
    text = number_text(value)
    assert float(text) == value
    assert set(text) <= set("-.0123456789")
    assert not text.endswith(".0")


@given(st.lists(FINITE, min_size=1, max_size=30))
def test_a_column_of_numbers_reads_as_its_cells_one_by_one(values: list[float]) -> None:
    assert column_text(values).to_list() == [number_text(value) for value in values]


@given(FINITE)
def test_no_shorter_decimal_reproduces_the_float(value: float) -> None:
    digits = Decimal(number_text(value)).normalize().as_tuple().digits
    shorter = float(f"{value:.{max(len(digits) - 2, 0)}e}")
    assert len(digits) == 1 or shorter != value


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_reads_as_text_that_no_number_is_read_from(value: float) -> None:
    assert column_text([value, 1.5]).to_list() == [number_text(value), "1.5"]
    assert not any(character.isdigit() for character in number_text(value))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("  中外 ", "  中外 "),
        ("", None),
        (" \u3000\t", None),
        (True, "TRUE"),
        (False, "FALSE"),
        (date(2026, 3, 1), "2026-03-01"),
        (datetime.fromisoformat("2026-03-01T23:59:59"), "2026-03-01"),
        (time(12, 30), "12:30:00"),
        (timedelta(hours=36), "1 day, 12:00:00"),
    ],
)
def test_every_other_cell_has_one_text_alone_and_in_a_column(value: object, text: str | None) -> None:
    assert cell_text(value) == text
    assert column_text([value]).to_list() == [text]
    assert column_text([value, 2.0]).to_list() == [text, "2"]


def test_digits_typed_as_text_are_not_taken_for_numbers_beside_blanks() -> None:
    assert column_text(["007", "", 7.0]).to_list() == ["007", None, "7"]


def test_a_type_that_the_reader_does_not_know_is_a_defect() -> None:
    with pytest.raises(KeyError):
        cell_text(object())
