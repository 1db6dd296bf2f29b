"""The invented zones: everywhere, evidently invented, and exactly where their characters say."""

from decimal import Decimal
from fractions import Fraction

import pytest

from ingestion.sample import SampleShape
from ingestion.sample.characters import A_HAIR_BELOW, AT_EVERY_THRESHOLD
from ingestion.sample.draft import Draft
from ingestion.sample.enterprises import FUNDED, make_enterprises, roster_rows, zone_totals
from ingestion.sample.facts import large_bounds, prefectures_of, threshold
from ingestion.sample.statistics import level_in_10k
from ingestion.sample.submissions import plan_submissions
from ingestion.sample.zones import Zone, make_zones
from ingestion.seeds import load_seed
from ingestion.uscc import check_character

SHAPE = SampleShape()
ZONES = make_zones(SHAPE.zones)
AT, BELOW = (next(z for z in ZONES if z.character is wanted) for wanted in (AT_EVERY_THRESHOLD, A_HAIR_BELOW))


def roster(zone: Zone, year: int) -> list[dict[str, object]]:
    return roster_rows(zone, year, SHAPE.enterprises, SHAPE.seed)


def total(rows: list[dict[str, object]], field: str) -> Decimal:
    return sum((Decimal(repr(row[field])) for row in rows if row[field] is not None), Decimal(0))


def sme_rows(zone: Zone, year: int) -> list[dict[str, object]]:
    made = make_enterprises(zone, SHAPE.enterprises, SHAPE.seed)
    rows = zip(made, roster(zone, year), strict=True)
    return [row for enterprise, row in rows if enterprise.group == "sme"]


def test_zones_of_every_kind_of_authority_and_every_region() -> None:
    authorities = load_seed("provincial_authorities")
    assert len(ZONES) >= 24
    assert {zone.authority.kind for zone in ZONES} == set(authorities["kind"])
    assert {zone.authority.region for zone in ZONES} == set(authorities["region"])


def test_two_hundred_zones_have_two_hundred_ids_and_lie_in_their_authority() -> None:
    many = make_zones(200)
    assert len({zone.zone_id for zone in many}) == len(many)
    assert {zone.authority.code for zone in many} == set(
        load_seed("provincial_authorities")["authority_code"]
    )
    for zone in many:
        assert zone.prefecture in prefectures_of(zone.authority.code)
        assert zone.zone_id[2:8] == zone.prefecture.code


def test_codes_of_enterprises_are_valid_unique_and_of_no_real_enterprise() -> None:
    codes = [
        enterprise.uscc
        for zone in ZONES
        for enterprise in make_enterprises(zone, SHAPE.enterprises, SHAPE.seed)
    ]
    assert len(set(codes)) == len(codes)
    assert all(code[17] == check_character(code[:17]) and code.startswith("Y1") for code in codes)


def test_all_that_is_named_is_named_a_sample(clean_draft: Draft) -> None:
    names = {zone.name for zone in ZONES}
    names |= {str(row["enterprise_name"]) for row in roster(ZONES[0], 2025)}
    names |= {row["title"] for row in clean_draft.ledgers["promotion"][0].rows if "title" in row}
    assert all(name.startswith("样例") for name in names)


def test_revenue_stands_at_the_gate_and_a_hair_below() -> None:
    assert total(roster(AT, AT.main_year), "revenue_wan") == threshold("G04")
    assert total(roster(BELOW, BELOW.main_year), "revenue_wan") == threshold("G04") - Decimal("0.01")


@pytest.mark.parametrize(
    ("field", "criterion_id"), [("rd_expense_wan", "I01"), ("invention_patents", "I04a")]
)
def test_three_year_ratios_stand_at_the_threshold_and_a_hair_below(field: str, criterion_id: str) -> None:
    rows = sme_rows if field == "rd_expense_wan" else roster
    at, below = (
        total(rows(zone, zone.main_year), field)
        - threshold(criterion_id) * total(rows(zone, zone.main_year - 3), field)
        for zone in (AT, BELOW)
    )
    assert at == 0
    assert below < 0


def test_export_and_investment_lead_the_province_by_nothing_at_all() -> None:
    last, base = zone_totals(AT, AT.main_year), zone_totals(AT, AT.main_year - 3)
    for mine, indicator in (("export", "export_cny"), ("fdi", "fdi_usd")):
        province = [
            level_in_10k(AT.authority.parent_province_code, indicator, year)
            for year in (AT.main_year, AT.main_year - 3)
        ]
        assert Fraction(getattr(last, mine), getattr(base, mine)) == province[0] / province[1]


def test_sme_shares_stand_at_the_threshold() -> None:
    smes, everyone = sme_rows(AT, AT.main_year), roster(AT, AT.main_year)
    assert Decimal(len(smes)) == threshold("G05") * len(everyone)
    assert total(smes, "revenue_wan") == threshold("C01") * total(everyone, "revenue_wan")


def test_foreign_funded_enterprises_stand_at_ten_and_nine() -> None:
    at, below = (
        sum(e.ownership in FUNDED for e in make_enterprises(zone, SHAPE.enterprises, SHAPE.seed))
        for zone in (AT, BELOW)
    )
    assert (at, below) == (threshold("O01"), threshold("O01") - 1)


def test_a_large_inbox_has_a_million_roster_rows() -> None:
    shape = SampleShape.large(200, 2500)
    planned = plan_submissions(shape)
    assert sum(len(submission.years) for submission in planned) * shape.enterprises == 1_000_000
    assert {submission.submission_type for submission in planned} == {"annual_report", "application"}


@pytest.mark.parametrize("wrong", [{"zones": 0}, {"enterprises": 10_000}, {"histories": False}])
def test_a_shape_that_can_not_be_is_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"zones|enterprises|histories"):
        SampleShape(**wrong)


def size_metrics(industry_code: str) -> dict[str, int]:
    """Give the bound of large of each metric, by the longest prefix of the size standard's industries."""
    prefixes = [p for p in load_seed("sme_size_industries")["gbt4754_prefix"] if industry_code.startswith(p)]
    return large_bounds(max(prefixes, key=len)) if prefixes else {}


@pytest.mark.parametrize("zone", ZONES, ids=lambda zone: zone.zone_id)
def test_enterprises_have_the_size_that_the_totals_take_them_for(zone: Zone) -> None:
    for year in (zone.main_year - 3, zone.main_year):
        made = make_enterprises(zone, SHAPE.enterprises, SHAPE.seed)
        for enterprise, row in zip(made, roster(zone, year), strict=True):
            below = [
                float(str(row[metric])) < bound
                for metric, bound in size_metrics(enterprise.industry_code).items()
            ]
            group = ("sme" if any(below) else "large") if below else "unsized"
            assert group == enterprise.group, row
