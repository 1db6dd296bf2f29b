"""V01 to V09: what a row of 企业名录 is held to. Every row of one workbook tests one boundary."""

from collections.abc import Callable
from typing import Any

import pytest

from ingestion.uscc import check_character

BODY = "91440300MA5F99999"
RIGHT = BODY + check_character(BODY)
WRONG_CHECK = BODY + ("0" if RIGHT[-1] != "0" else "1")


def another(number: int) -> str:
    body = f"91440300MA5G{number:05}"
    return body + check_character(body)


ROWS: dict[str, tuple[dict[str, Any], set[str]]] = {
    "a right row breaks nothing": ({}, set()),
    # V01
    "V01 a right check character": ({"uscc": RIGHT}, set()),
    "V01 a wrong check character": ({"uscc": WRONG_CHECK}, {"V01"}),
    "V01 17 characters": ({"uscc": BODY}, {"V01"}),
    "V01 19 characters": ({"uscc": another(0) + "0"}, {"V01"}),
    "V01 a letter beyond the alphabet": ({"uscc": "9144030OMA5F99998" + "0"}, {"V01"}),
    "V01 lower case": ({"uscc": another(1).lower()}, {"V01"}),
    "V01 full-width forms and spaces around are the same code": (
        {"uscc": "　９" + another(2)[1:] + " "},
        set(),
    ),
    "V01 digits typed as a number are no code": ({"uscc": 914403000000000000}, {"V01"}),
    "V01 does not name a blank code, V03 does": ({"uscc": None}, {"V03"}),
    "V01 can't read an error cell, V03 names it": ({"uscc": "=NA()"}, {"V03"}),
    # V02
    "V02 one enterprise": ({"uscc": another(10), "year": 2024}, {"V08"}),
    "V02 the same enterprise in another year": ({"uscc": another(10)}, set()),
    "V02 first of two": ({"uscc": another(11)}, {"V02"}),
    "V02 second of two, its code in full-width forms": ({"uscc": "９" + another(11)[1:]}, {"V02"}),
    "V02 first of two, one broken otherwise": ({"uscc": another(12), "employees": -1}, {"V02", "V04"}),
    "V02 second of two, the other broken otherwise": ({"uscc": another(12)}, {"V02"}),
    "V02 first of two wrong codes": ({"uscc": "12345"}, {"V01", "V02"}),
    "V02 second of two wrong codes": ({"uscc": "12345"}, {"V01", "V02"}),
    "V02 without a code is exempt": ({"uscc": None, "enterprise_name": "甲"}, {"V03"}),
    "V02 without a readable year is exempt": ({"uscc": another(13), "year": "去年"}, {"V03"}),
    "V02 without a readable year is exempt too": ({"uscc": another(13), "year": "今年"}, {"V03"}),
    "V02 a year as text is the same year, first": ({"uscc": another(14)}, {"V02"}),
    "V02 a year as text is the same year, second": ({"uscc": another(14), "year": "２０２５"}, {"V02"}),
    # V03
    "V03 a blank name": ({"enterprise_name": None}, {"V03"}),
    "V03 a name of white space": ({"enterprise_name": " 　\u00a0"}, {"V03"}),
    "V03 a name that is an error cell": ({"enterprise_name": "=NA()"}, {"V03"}),
    "V03 a blank industry": ({"industry_code": None}, {"V03"}),
    "V03 blank employees": ({"employees": None}, {"V03"}),
    "V03 employees 12.0": ({"employees": 12.0}, set()),
    "V03 employees 12.0 as text": ({"employees": "12.0"}, set()),
    "V03 employees 12.5": ({"employees": 12.5}, {"V03"}),
    "V03 revenue about fifty": ({"revenue_wan": "约五十"}, {"V03"}),
    "V03 revenue with thousands": ({"revenue_wan": "1,234,567.89"}, set()),
    "V03 revenue with full-width thousands": ({"revenue_wan": "１，２３４"}, set()),
    "V03 revenue with groups of four": ({"revenue_wan": "1234,5678"}, {"V03"}),
    "V03 revenue with an exponent": ({"revenue_wan": "1e5"}, {"V03"}),
    "V03 revenue as a percentage": ({"revenue_wan": "12%"}, {"V03"}),
    "V03 revenue of 12 digits": ({"revenue_wan": "999999999999.5"}, set()),
    "V03 revenue of 13 digits": ({"revenue_wan": "1000000000000"}, {"V03"}),
    "V03 an optional cell may be blank": ({"assets_wan": None}, set()),
    "V03 an optional cell that can't be read": ({"assets_wan": "无"}, {"V03"}),
    "V03 an optional error cell": ({"assets_wan": "=NA()"}, {"V03"}),
    "V03 an ownership that is not listed": ({"ownership": "民营"}, {"V03"}),
    "V03 a blank ownership": ({"ownership": None}, {"V03"}),
    "V03 served 是": ({"served": "是"}, set()),
    "V03 served yes": ({"served": "yes"}, {"V03"}),
    "V03 served as a boolean cell": ({"served": True}, {"V03"}),
    # V04
    "V04 employees 0": ({"employees": 0}, set()),
    "V04 employees -1": ({"employees": -1}, {"V04"}),
    "V04 revenue 0": ({"revenue_wan": 0}, set()),
    "V04 revenue just below 0": ({"revenue_wan": "-0.000000000000000001"}, {"V04"}),
    "V04 assets -0.01": ({"assets_wan": -0.01}, {"V04"}),
    "V04 research expense -0.01": ({"rd_expense_wan": -0.01}, {"V04"}),
    "V04 patents -1": ({"invention_patents": -1}, {"V04"}),
    "V04 PCT -1": ({"pct_patents": -1}, {"V04"}),
    "V04 export -0.01": ({"export_wan": -0.01}, {"V04"}),
    "V04 foreign investment -0.01": ({"fdi_wan_usd": -0.01}, {"V04"}),
    # V05
    "V05 a share of 100": ({"ownership": "外资", "foreign_share_pct": 100}, set()),
    "V05 a share just above 100": (
        {"ownership": "外资", "foreign_share_pct": "100.000000000000000001"},
        {"V05"},
    ),
    "V05 a share below 0 is V06 too": ({"ownership": "合资", "foreign_share_pct": -1}, {"V05", "V06"}),
    # V06
    "V06 domestic without a share": ({"ownership": "内资", "foreign_share_pct": None}, set()),
    "V06 domestic with a share of 0": ({"ownership": "内资", "foreign_share_pct": 0}, set()),
    "V06 domestic with a share of 0.01": ({"ownership": "内资", "foreign_share_pct": 0.01}, {"V06"}),
    "V06 foreign without a share": ({"ownership": "外资", "foreign_share_pct": None}, set()),
    "V06 foreign with a share of 0": ({"ownership": "外资", "foreign_share_pct": 0}, {"V06"}),
    "V06 joint venture with a share of 0": ({"ownership": "合资", "foreign_share_pct": 0}, {"V06"}),
    "V06 Hong Kong, Macao, Taiwan with a share of 0": (
        {"ownership": "港澳台资", "foreign_share_pct": 0},
        {"V06"},
    ),
    "V06 foreign with a share of 0.01": ({"ownership": "外资", "foreign_share_pct": 0.01}, set()),
    "V06 an unreadable ownership can't be judged": ({"ownership": "？", "foreign_share_pct": 0}, {"V03"}),
    "V06 an unreadable share can't be judged": ({"foreign_share_pct": "三成"}, {"V03"}),
    # V07
    "V07 two digits": ({"industry_code": "C39"}, set()),
    "V07 four digits": ({"industry_code": "C3922"}, set()),
    "V07 one digit": ({"industry_code": "C3"}, {"V07"}),
    "V07 five digits": ({"industry_code": "C39221"}, {"V07"}),
    "V07 no letter": ({"industry_code": "3922"}, {"V07"}),
    "V07 lower case": ({"industry_code": "c3922"}, {"V07"}),
    "V07 full-width forms": ({"industry_code": "Ｃ３９"}, set()),
    "V07 the last division of a section": ({"industry_code": "C43"}, set()),
    "V07 the first division of the next section": ({"industry_code": "C44"}, {"V07"}),
    "V07 a section that does not exist": ({"industry_code": "U97"}, {"V07"}),
    # V08
    "V08 the report year": ({"year": 2025}, set()),
    "V08 the year before": ({"year": 2024}, {"V08"}),
    "V08 the year after": ({"year": 2026}, {"V08"}),
    "V08 five digits are a year out of range": ({"year": 20255}, {"V08"}),
    # V09
    "V09 one tier": ({"quality_tiers": "小巨人"}, set()),
    "V09 every separator": ({"quality_tiers": "小巨人；专精特新;创新型、科技型,单项冠军，小巨人"}, set()),
    "V09 spaces around and a separator at the end": ({"quality_tiers": " 小巨人 ； 专精特新 ；"}, set()),
    "V09 a separator alone names no tier": ({"quality_tiers": "；"}, set()),
    "V09 an unknown tier among known ones": ({"quality_tiers": "小巨人；独角兽"}, {"V09"}),
    "V09 the code is not what stands in a workbook": ({"quality_tiers": "little_giant"}, {"V09"}),
    "V09 an error cell is V03": ({"quality_tiers": "=NA()"}, {"V03"}),
}

APPLICATION_YEARS = {2021: {"V08"}, 2022: set(), 2025: set(), 2026: {"V08"}}


@pytest.fixture(scope="module")
def night(night_of: Callable[..., Any], form: Callable[..., Any]) -> Any:
    by_year = [{"year": year} for year in APPLICATION_YEARS]
    same = {"uscc": another(10)}
    return night_of(
        {
            "another zone": form(roster=[same]),
            "rows": form(roster=[cells for cells, _ in ROWS.values()]),
            "application": form({"submission_type": "申报"}, roster=by_year),
            "re-review": form({"submission_type": "复核"}, roster=by_year),
            "without type": form({"submission_type": "补报"}, roster=[{"year": 2019}, {"employees": -1}]),
            "without year": form({"report_year": "去年"}, roster=[{"year": 2019}, {"employees": -1}]),
        }
    )


@pytest.mark.parametrize("case", ROWS)
def test_row(night: Any, case: str) -> None:
    row = 2 + list(ROWS).index(case)
    assert night.rules_of_rows("rows", "企业名录").get(row, set()) == ROWS[case][1]


def test_v02_does_not_look_beyond_the_submission(night: Any) -> None:
    assert night.rules("another zone") == set()


@pytest.mark.parametrize("name", ["application", "re-review"])
def test_v08_covers_the_report_year_and_the_three_before_it_in_an_application(night: Any, name: str) -> None:
    rows = night.rules_of_rows(name, "企业名录")
    assert {year: rows.get(2 + place, set()) for place, year in enumerate(APPLICATION_YEARS)} == (
        APPLICATION_YEARS
    )


@pytest.mark.parametrize("name", ["without type", "without year"])
def test_without_a_readable_type_or_report_year_every_rule_but_v08_still_runs(night: Any, name: str) -> None:
    assert night.rules_of_rows(name, "企业名录") == {3: {"V04"}}


def test_a_finding_says_where_what_and_what_would_pass(night: Any) -> None:
    row = 2 + list(ROWS).index("V03 revenue about fifty")
    (found,) = night.findings("rows").filter(row_number=row).iter_rows(named=True)
    assert found["sheet"] == "企业名录"
    assert found["field"] == "revenue_wan"
    assert found["value"] == "约五十"
    assert found["expected"] == "数值 / a number"
    assert found["message_zh"] == "“营业收入（万元）”的内容“约五十”无法按数值读取。"
    assert found["message_en"] == "约五十 in 营业收入（万元） cannot be read as a number."


def test_the_identity_of_a_roster_row_is_its_code_and_year(night: Any) -> None:
    row = 2 + list(ROWS).index("V02 second of two, the other broken otherwise")
    (found,) = night.findings("rows").filter(row_number=row).iter_rows(named=True)
    assert found["row_identity"] == f"{another(12)}\x1e2025"


def test_an_error_cell_is_shown_as_a_person_sees_it(night: Any) -> None:
    row = 2 + list(ROWS).index("V03 an optional error cell")
    assert night.findings("rows").filter(row_number=row)["value"].to_list() == ["#N/A"]


def test_rows_are_accepted_or_quarantined_and_none_is_lost(night: Any) -> None:
    broken = sum(1 for _, rules in ROWS.values() if rules)
    counts = night.verdict("rows", "row_counts").filter(table_name="roster").row(0, named=True)
    assert (counts["rows_read"], counts["rows_quarantined"]) == (len(ROWS), broken)
    assert night.verdict("rows", "roster").height == len(ROWS) - broken
    assert night.verdict("rows", "quarantine").height == broken


def test_a_quarantined_row_keeps_its_cells_and_names_its_rules(night: Any) -> None:
    row = 2 + list(ROWS).index("V02 first of two, one broken otherwise")
    (kept,) = night.verdict("rows", "quarantine").filter(row_number=row).iter_rows(named=True)
    assert kept["rule_ids"] == "V02,V04"
    assert f'"统一社会信用代码":"{another(12)}"' in kept["cells"]
    assert '"从业人员":"-1"' in kept["cells"]


def test_accepted_values_are_typed_and_coded(night: Any) -> None:
    row = 2 + list(ROWS).index("V09 every separator")
    (kept,) = night.verdict("rows", "roster").filter(row_number=row).iter_rows(named=True)
    assert kept["quality_tiers"] == "champion,little_giant,specialised,innovative,technology"
    assert kept["ownership"] == "domestic"
    assert kept["year"] == 2025
    assert kept["served"] is None
