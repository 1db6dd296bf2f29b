"""The words of statistics: what is a region, a unit, a year, a number, and what stands for nothing."""

from decimal import Context, Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.seeds import load_seed
from ingestion.sources.terms import is_missing, number_of, region_of, shifted, unit_of, year_of

PROVINCES = load_seed("provincial_authorities").filter(code_system="GB/T 2260").rows(named=True)
WHOLE = [row for row in PROVINCES if row["authority_code"] == row["parent_province_code"]]


@pytest.mark.parametrize("province", WHOLE, ids=lambda row: row["name_en"])
def test_a_province_is_known_by_its_name_its_codes_and_in_english(province: dict[str, str]) -> None:
    code = province["authority_code"]
    short = load_seed("source_regions").filter(region_code=code)["name"].to_list()
    assert short
    for text in (code, f"{code}000000", province["name_zh"], province["name_en"].upper(), *short):
        region = region_of(text)
        assert region is not None, text
        assert region.code == code, text


@pytest.mark.parametrize("text", ["北　京", " 北 京 市 ", "ＢＥＩＪＩＮＧ", "１１００００"])
def test_spaces_and_full_width_forms_do_not_count(text: str) -> None:
    region = region_of(text)
    assert region is not None
    assert region.code == "110000"


@pytest.mark.parametrize(
    "text", ["全国", "National", "大连市", "210200", "新疆生产建设兵团", "东部地区", "台湾省"]
)
def test_what_is_no_province_of_its_own_is_known_and_has_no_code(text: str) -> None:
    region = region_of(text)
    assert region is not None
    assert region.code is None


@pytest.mark.parametrize("text", ["火星", "11000", "北京市朝阳区", ""])
def test_what_nobody_knows_is_no_region(text: str) -> None:
    assert region_of(text) is None


@pytest.mark.parametrize(
    ("text", "year"),
    [("2024年", "2024"), ("２０２４ 年度", "2024"), ("2024YY", "2024"), ("2024.0", "2024"), ("2024", "2024")],
)
def test_years(text: str, year: str) -> None:
    assert year_of(text) == year


@pytest.mark.parametrize("text", ["2024年一季度", "2024年1-6月", "24年", "20240", "最近10年"])
def test_no_years(text: str) -> None:
    assert year_of(text) is None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1,234.50", "1234.5"),
        ("１，２３４", "1234"),
        ("-0.0", "0"),
        ("007", "7"),
        (" 12 ", "12"),
        ("-3.10", "-3.1"),
    ],
)
def test_numbers(text: str, number: str) -> None:
    assert number_of(text) == number


@pytest.mark.parametrize("text", ["12,34", "1e5", "12%", "约五十", "1.", ".5", "", "+1"])
def test_no_numbers(text: str) -> None:
    assert number_of(text) is None


@pytest.mark.parametrize("mark", ["…", "……", "..", "—", "——", "-", "－", " ", ""])
def test_what_stands_for_a_figure_that_there_is_not(mark: str) -> None:
    assert is_missing(mark)


@pytest.mark.parametrize("text", ["0", "0.0", "-1", "零"])
def test_zero_is_a_figure(text: str) -> None:
    assert not is_missing(text)


@pytest.mark.parametrize(
    ("value", "text", "converted"),
    [
        ("1", "千美元", ("0.1", "USD_10K")),
        ("1", "美元", ("0.0001", "USD_10K")),
        ("12.5", "百万美元", ("1250", "USD_10K")),
        ("3", "亿元", ("3", "CNY_100M")),
        ("3", "CNY_10K", ("3", "CNY_10K")),
        ("3", "USD １,000", ("0.3", "USD_10K")),
    ],
)
def test_units_are_converted_to_the_ledgers(value: str, text: str, converted: tuple[str, str]) -> None:
    unit = unit_of(text)
    assert unit is not None
    assert (shifted(value, unit.shift), unit.unit) == converted


def test_every_unit_of_the_ledger_is_its_own() -> None:
    for name in load_seed("statistic_units")["unit"]:
        unit = unit_of(name)
        assert unit is not None
        assert (unit.unit, unit.shift) == (name, 0)


EXACT = Context(prec=200)
NUMBERS = st.from_regex(r"-?[0-9]{1,40}(\.[0-9]{1,40})?", fullmatch=True)


@settings(deadline=None)
@given(NUMBERS, st.integers(-30, 30))
def test_a_figure_is_converted_exactly_however_long_it_is(text: str, shift: int) -> None:
    number = number_of(text)
    assert number is not None
    moved = shifted(number, shift)
    assert Decimal(moved).as_tuple().exponent <= 0
    assert Decimal(moved).compare(Decimal(number).scaleb(shift, EXACT), EXACT) == 0
    assert shifted(moved, -shift) == number


@settings(deadline=None)
@given(NUMBERS, NUMBERS)
def test_two_texts_are_one_number_exactly_when_they_read_alike(one: str, other: str) -> None:
    assert (number_of(one) == number_of(other)) == (Decimal(one) == Decimal(other))
    padded = one + ("0" if "." in one else ".0")
    assert number_of(padded) == number_of(one)
