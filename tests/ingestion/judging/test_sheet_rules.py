"""V10 to V12: what a row of the sheets besides the roster is held to. Every row tests one boundary."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

ROWS: dict[str, dict[str, tuple[dict[str, Any], set[str]]]] = {
    "self_reported": {
        "V10 an indicator that zones report themselves": ({"indicator_code": "TOTAL_REVENUE"}, set()),
        "V10 an indicator that they do not": ({"indicator_code": "SERVED_SHARE"}, {"V10"}),
        "V10 an unknown indicator": ({"indicator_code": "PROFIT"}, {"V10"}),
        "V10 case counts": ({"indicator_code": "export"}, {"V10"}),
        "V10 a code in full-width forms": ({"indicator_code": "ＥＸＰＯＲＴ"}, set()),
        "V10 a blank code": ({"indicator_code": None}, {"V10"}),
        "V10 a blank value": ({"value": None}, {"V10"}),
        "V10 a value that can't be read": ({"value": "约五十"}, {"V10"}),
        "V10 a value of 0": ({"value": 0}, set()),
        "V10 a year that can't be read": ({"year": "去年"}, {"V10"}),
        "V10 an earlier year": ({"year": 2020}, set()),
    },
    "cooperation": {
        "V10 a right row": ({}, set()),
        "V10 a category that is not listed": ({"category": "协会"}, {"V10"}),
        "V10 a blank category": ({"category": None}, {"V10"}),
        "V10 a blank name": ({"name": None}, {"V10"}),
        "V10 a level that is listed": ({"level": "国家级"}, set()),
        "V10 a level that is not": ({"level": "县级"}, {"V10"}),
        "V10 a blank level": ({"level": None}, set()),
        "V10 a day without zeros after dashes": ({"established_on": "2020-5-1"}, {"V10"}),
        "V10 a day without zeros after slashes": ({"established_on": "2020/5/1"}, set()),
        "V10 a day in Chinese": ({"established_on": "2020年5月1日"}, set()),
        "V10 a day that no calendar has": ({"established_on": "2023-02-29"}, {"V10"}),
        "V10 29 February of a leap year": ({"established_on": "2024-02-29"}, set()),
        "V11 ended on the day it was established": ({"ended_on": date(2020, 5, 1)}, set()),
        "V11 ended the day before": ({"ended_on": date(2020, 4, 30)}, {"V11"}),
        "V11 an unreadable end can't be judged": ({"ended_on": "待定"}, {"V10"}),
        "V12 overseas with a country": ({"category": "海外合作机制", "country": "DE"}, set()),
        "V12 overseas without": ({"category": "海外分支机构", "country": None}, {"V12"}),
        "V12 overseas in lower case": ({"category": "海外联络站", "country": "de"}, {"V12"}),
        "V12 overseas in full-width forms": ({"category": "海外联络站", "country": "ＤＥ"}, set()),
        "V12 overseas by name": ({"category": "海外研发机构", "country": "德国"}, {"V12"}),
        "V12 overseas in CN": ({"category": "海外研发机构", "country": "CN"}, {"V12"}),
        "V12 overseas in HK": ({"category": "海外研发机构", "country": "HK"}, set()),
        "V12 overseas in MO": ({"category": "海外研发机构", "country": "MO"}, set()),
        "V12 overseas in TW": ({"category": "海外研发机构", "country": "TW"}, set()),
        "V12 overseas in a code that nobody has": ({"category": "海外合作机制", "country": "XX"}, {"V12"}),
        "V12 overseas with an error cell": ({"category": "海外合作机制", "country": "=NA()"}, {"V10"}),
        "V12 elsewhere the country is free": ({"category": "运营管理机构", "country": "中国"}, set()),
        "V12 an unreadable category can't be judged": ({"category": "？", "country": None}, {"V10"}),
    },
    "activities": {
        "V10 the first day of the report year": ({"held_on": date(2025, 1, 1)}, set()),
        "V10 the last day of the report year": ({"held_on": date(2025, 12, 31)}, set()),
        "V10 the day before the report year": ({"held_on": date(2024, 12, 31)}, {"V10"}),
        "V10 the day after the report year": ({"held_on": date(2026, 1, 1)}, {"V10"}),
        "V10 a service area that is not listed": ({"service_area": "旅游"}, {"V10"}),
        "V10 0 participants": ({"participants": 0}, set()),
        "V10 -1 participants": ({"participants": -1}, {"V10"}),
        "V10 12.5 participants": ({"participants": 12.5}, {"V10"}),
        "V10 participants not counted": ({"participants": None}, set()),
    },
    "plan_targets": {
        "V10 a plan of one year": ({"plan_from": 2024, "plan_to": 2024}, set()),
        "V10 a plan that ends before it begins": ({"plan_from": 2024, "plan_to": 2023}, {"V10"}),
        "V10 a plan of five years": ({"plan_from": 2024, "plan_to": 2028}, set()),
        "V10 a plan of six years": ({"plan_from": 2024, "plan_to": 2029}, {"V10"}),
        "V10 a beginning that can't be read": ({"plan_from": "近年", "plan_to": 2050}, {"V10"}),
        "V10 a target in per cent of one": ({"indicator_code": "SERVED_SHARE", "target": 1}, set()),
        "V10 a boolean is no target": ({"indicator_code": "BOUNDARY_DEFINED"}, {"V10"}),
        "V10 an unknown indicator": ({"indicator_code": "PROFIT"}, {"V10"}),
        "V10 a blank baseline": ({"baseline": None}, {"V10"}),
        "V10 a blank target": ({"target": None}, {"V10"}),
    },
    "documents": {
        "V10 a right row": ({}, set()),
        "V10 a type that is not listed": ({"document_type": "总结"}, {"V10"}),
        "V10 a blank title": ({"title": None}, {"V10"}),
        "V10 a title that is an error cell": ({"title": "=NA()"}, {"V10"}),
        "V10 a blank day": ({"dated_on": None}, {"V10"}),
    },
}
SHEETS = {
    "self_reported": "自报指标",
    "cooperation": "合作与平台",
    "activities": "服务活动",
    "plan_targets": "规划目标",
    "documents": "文件清单",
}
CASES = [(table, case) for table, cases in ROWS.items() for case in cases]


@pytest.fixture(scope="module")
def night(night_of: Callable[..., Any], form: Callable[..., Any]) -> Any:
    tables = {table: [cells for cells, _ in cases.values()] for table, cases in ROWS.items()}
    return night_of(
        {"rows": form(**tables), "without year": form({"report_year": None}, activities=[{}, {"name": None}])}
    )


@pytest.mark.parametrize(("table", "case"), CASES)
def test_row(night: Any, table: str, case: str) -> None:
    row = 2 + list(ROWS[table]).index(case)
    assert night.rules_of_rows("rows", SHEETS[table]).get(row, set()) == ROWS[table][case][1]


def test_quarantined_rows_of_other_sheets_never_reject(night: Any) -> None:
    assert not night.is_rejected("rows")
    assert night.verdict("rows", "cover")["quarantined_rows"].item() == 0


def test_without_a_report_year_an_activity_is_judged_by_what_can_be_read(night: Any) -> None:
    assert night.rules_of_rows("without year", "服务活动") == {3: {"V10"}}


def test_the_identity_of_other_rows_is_all_their_cells(night: Any) -> None:
    row = 2 + list(ROWS["plan_targets"]).index("V10 a plan of six years")
    found = night.findings("rows").filter(sheet="规划目标", row_number=row)
    assert found["row_identity"].to_list() == ["2024\x1e2029\x1eEXPORT\x1e100\x1e200"]


@pytest.mark.parametrize("table", ROWS)
def test_every_row_is_accepted_or_quarantined(night: Any, table: str) -> None:
    broken = sum(1 for _, rules in ROWS[table].values() if rules)
    counts = night.verdict("rows", "row_counts").filter(table_name=table).row(0, named=True)
    assert (counts["rows_read"], counts["rows_accepted"], counts["rows_quarantined"]) == (
        len(ROWS[table]),
        len(ROWS[table]) - broken,
        broken,
    )
    assert night.verdict("rows", table).height == len(ROWS[table]) - broken
