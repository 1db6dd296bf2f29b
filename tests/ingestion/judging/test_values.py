"""How the text of a cell becomes a value: every spelling that the contract admits, and its neighbours."""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Any
from unicodedata import normalize

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.judging.contract import Field, ledgers, workbook_tables
from ingestion.judging.values import folded, is_folded, trimmed, values_of

ROSTER = workbook_tables()["roster"]
DECIMAL_FIELD, INTEGER_FIELD, YEAR_FIELD = (
    ROSTER.field(name) for name in ("revenue_wan", "employees", "year")
)
DATE_FIELD = workbook_tables()["documents"].field("dated_on")
MOMENT_FIELD, VOID_FIELD = (ledgers()["receipts"].field(name) for name in ("received_at", "void"))
TIERS_FIELD = ROSTER.field("quality_tiers")
CODE_FIELD, NAME_FIELD = ROSTER.field("industry_code"), ROSTER.field("enterprise_name")


def read_all(field: Field, cells: list[str | None]) -> list[Any]:
    texts = trimmed(pl.Series(cells, dtype=pl.String))
    return values_of(field, folded(texts) if is_folded(field) else texts).to_list()


def read(field: Field, cell: str | None) -> Any:
    (value,) = read_all(field, [cell])
    return value


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("0", "0"),
        ("-0", "0"),
        ("007", "7"),
        ("12.50", "12.5"),
        ("-3.1", "-3.1"),
        ("1,234", "1234"),
        ("-12,345,678.9", "-12345678.9"),
        ("１，２３４．５", "1234.5"),
        ("\u00a0 1 \u3000", "1"),
        ("0.333333333333333333333333", "0.333333333333333333"),
        ("0.0000000000000000005", "0.000000000000000001"),
        ("0.00000000000000000049", "0"),
        ("-0.0000000000000000005", "-0.000000000000000001"),
        ("999999999999.9999999999999999995", "1000000000000"),
        ("0" * 60 + "1.5", "1.5"),
    ],
)
def test_a_number_is_read_exactly(cell: str, value: str) -> None:
    assert read(DECIMAL_FIELD, cell) == Decimal(value)


@pytest.mark.parametrize(
    "cell",
    [
        "1e5",
        "12%",
        "约五十",
        "1,23",
        "1234,567",
        "1,2345",
        ",123",
        ".5",
        "5.",
        "+5",
        "--5",
        "- 5",
        "1 234",
        "1.2.3",
        "１２０万",
        "٣",
        "½",
        "−5",
        "0x10",
        "NaN",
        "inf",
        "1000000000000",
        "\x1b#DIV/0!",
    ],
)
def test_what_is_no_number_is_not_read(cell: str) -> None:
    assert read(DECIMAL_FIELD, cell) is None


@pytest.mark.parametrize(
    ("cell", "value"),
    [("12", 12), ("12.0", 12), ("12.000", 12), ("-1", -1), ("1,234", 1234), ("12.5", None), ("12.01", None)],
)
def test_an_integer_has_no_decimals_but_zeros(cell: str, value: int | None) -> None:
    assert read(INTEGER_FIELD, cell) == value


@pytest.mark.parametrize(
    ("cell", "value"), [("2025", 2025), ("２０２５", 2025), ("999999999", 999999999), ("1000000000", None)]
)
def test_a_year_has_at_most_nine_digits(cell: str, value: int | None) -> None:
    assert read(YEAR_FIELD, cell) == value


@settings(deadline=None)
@given(
    st.lists(
        st.decimals(
            min_value=Decimal(-999999999999),
            max_value=Decimal(999999999999),
            allow_nan=False,
            allow_infinity=False,
        ).map(lambda number: format(number, "f"))
        | st.from_regex(r"-?[0-9]{1,12}\.[0-9]{1,30}", fullmatch=True)
        | st.from_regex(r"-?[0-9]{1,3}(,[0-9]{3}){0,3}(\.[0-9]{1,20})?", fullmatch=True),
        min_size=1,
    )
)
def test_numbers_are_what_exact_arithmetic_says(cells: list[str]) -> None:
    with localcontext() as context:
        context.prec = 60
        last_place = Decimal(1).scaleb(-18)
        exact = [
            Decimal(cell.replace(",", "")).quantize(last_place, rounding=ROUND_HALF_UP) for cell in cells
        ]
    assert read_all(DECIMAL_FIELD, list(cells)) == exact


@settings(deadline=None, max_examples=40)
@given(st.lists(st.text(alphabet="0123456789.,-+e%０，．　 万", max_size=12), min_size=1, max_size=8))
def test_a_column_is_read_as_its_cells_one_by_one(cells: list[str]) -> None:
    for field in (DECIMAL_FIELD, INTEGER_FIELD, YEAR_FIELD, DATE_FIELD):
        assert read_all(field, list(cells)) == [read(field, cell) for cell in cells]


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("2026-03-01", date(2026, 3, 1)),
        ("2026-3-1", None),
        ("2026-03-1", None),
        ("2026/3/1", date(2026, 3, 1)),
        ("2026/03/01", date(2026, 3, 1)),
        ("2026年3月1日", date(2026, 3, 1)),
        ("2026年03月01日", date(2026, 3, 1)),
        ("２０２６／３／１", date(2026, 3, 1)),
        ("2026年3月", None),
        ("2026年3月1", None),
        ("2026.3.1", None),
        ("20260301", None),
        ("26/3/1", None),
        ("3/1/2026", None),
        ("2026-03-01 10:00", None),
        ("2026/3-1", None),
        ("2024-02-29", date(2024, 2, 29)),
        ("2025-02-29", None),
        ("2025-04-31", None),
        ("2025/13/1", None),
        ("2025/0/1", None),
        ("0000-01-01", None),
        ("46082", None),
    ],
)
def test_a_day(cell: str, value: date | None) -> None:
    assert read(DATE_FIELD, cell) == value


@settings(deadline=None)
@given(st.dates(min_value=date(1, 1, 1)))
def test_every_day_of_the_calendar_is_read_in_every_spelling(day: date) -> None:
    year = f"{day.year:04}"
    spellings = [day.isoformat(), f"{year}/{day.month}/{day.day}", f"{year}年{day.month}月{day.day}日"]
    assert read_all(DATE_FIELD, list(spellings)) == [day] * 3


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("2026-03-01T10:00:00", "2026-03-01T10:00:00"),
        ("2026-03-01 10:00:00", "2026-03-01T10:00:00"),
        ("2026-03-01T10:00", "2026-03-01T10:00:00"),
        ("2026-03-01T10:00:00.5", "2026-03-01T10:00:00.500000"),
        ("2026-03-01T10:00:00,123456789", "2026-03-01T10:00:00.123456"),
        ("2026-03-01T10:00:00+08:00", "2026-03-01T10:00:00"),
        ("2026-03-01T10:00:00Z", "2026-03-01T18:00:00"),
        ("2026-03-01T10:00:00-0530", "2026-03-01T23:30:00"),
        ("2026-03-01T10:00:00+00", "2026-03-01T18:00:00"),
        ("2025-12-31T16:00:00Z", "2026-01-01T00:00:00"),
        ("2025-12-31T23:59:59.999999", "2025-12-31T23:59:59.999999"),
        ("２０２６-03-01T10:00:00", "2026-03-01T10:00:00"),
        ("2026-03-01", None),
        ("2026/03/01 10:00:00", None),
        ("2026-03-01T24:00:00", None),
        ("2026-03-01T10:60:00", None),
        ("2026-03-01T10:00:60", None),
        ("2026-03-01T10", None),
        ("2026-02-29T10:00:00", None),
        ("2026-03-01T10:00:00+8", None),
        ("2026-03-01t10:00:00z", None),
        ("2026-03-01T10:00:00 +08:00", None),
        ("yesterday", None),
    ],
)
def test_a_moment_is_the_wall_clock_of_shanghai(cell: str, value: str | None) -> None:
    assert read(MOMENT_FIELD, cell) == (value and datetime.fromisoformat(value))


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("true", True),
        ("1", True),
        ("false", False),
        ("0", False),
        ("１", True),
        ("TRUE", None),
        ("是", None),
        ("yes", None),
    ],
)
def test_a_boolean_of_a_ledger(cell: str, value: bool | None) -> None:
    assert read(VOID_FIELD, cell) is value


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("专精特新；小巨人", "little_giant,specialised"),
        ("小巨人 ; 小巨人", "little_giant"),
        ("小巨人\u3000，科技型", "little_giant,technology"),
        ("小 巨人", None),
        ("小巨人/科技型", None),
    ],
)
def test_a_list_is_known_codes_in_the_order_of_the_contract(cell: str, value: str | None) -> None:
    assert read(TIERS_FIELD, cell) == value


def test_codes_are_folded_and_names_are_only_trimmed() -> None:
    assert read(CODE_FIELD, "　Ｃ３９２２ ") == "C3922"
    assert read(NAME_FIELD, "　Ａ公司（甲）\n") == "Ａ公司（甲）"


@pytest.mark.parametrize("field", [DECIMAL_FIELD, INTEGER_FIELD, DATE_FIELD, TIERS_FIELD, NAME_FIELD])
def test_blank_cells_have_no_value(field: Field) -> None:
    assert read_all(field, [None, "", " ", "\u3000\u2003\n"]) == [None] * 4


@settings(deadline=None)
@given(st.lists(st.text(max_size=8) | st.none()))
def test_folding_is_nfkc_between_two_trims(cells: list[str | None]) -> None:
    texts = trimmed(pl.Series(cells, dtype=pl.String))
    expected = [
        None if cell is None else (trimmed(pl.Series([normalize("NFKC", cell)])))[0] for cell in texts
    ]
    assert folded(texts).to_list() == expected
