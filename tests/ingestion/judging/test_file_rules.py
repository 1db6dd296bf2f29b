"""S01 to S08: what a whole workbook is held to, and that one finding does not hide another."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

SHANGHAI = ZoneInfo("Asia/Shanghai")
REVENUE = {"revenue_wan": 1}
BROKEN = {"industry_code": "C99"}


def without(form: Any, sheet: str, header: str) -> Any:
    rows = form.sheets[sheet]
    place = rows[0].index(header)
    form.sheets[sheet] = [[cell for column, cell in enumerate(row) if column != place] for row in rows]
    return form


def twice(form: Any, sheet: str, header: str) -> Any:
    rows = form.sheets[sheet]
    place = rows[0].index(header)
    form.sheets[sheet] = [[*row, row[place]] for row in rows]
    return form


def renamed(form: Any, sheet: str, title: str) -> Any:
    form.sheets = {title if name == sheet else name: rows for name, rows in form.sheets.items()}
    return form


def without_key(form: Any, key: str) -> Any:
    form.sheets["填报信息"] = [row for row in form.sheets["填报信息"] if row[0] != key]
    return form


def with_key(form: Any, key: str, value: Any) -> Any:
    form.sheets["填报信息"].append([key, value])
    return form


def titled(form: Any, sheet: str) -> Any:
    form.sheets[sheet] = [["二〇二五年度企业名录"], *form.sheets[sheet]]
    return form


COVERS: dict[str, tuple[dict[str, Any], set[str]]] = {
    "right": ({}, set()),
    # S04
    "S04 a blank type": ({"submission_type": None}, {"S04"}),
    "S04 a type that is not listed": ({"submission_type": "补报"}, {"S04"}),
    "S04 a type with spaces around": ({"submission_type": "　年度报告 "}, set()),
    "S04 a zone id of another pattern": ({"zone_id": "HZ4403000"}, {"S04"}),
    "S04 a zone id in lower case": ({"zone_id": "hz44030009"}, {"S04"}),
    "S04 a zone id in full-width forms": ({"zone_id": "ＨＺ44030009"}, set()),
    "S04 a blank zone name": ({"zone_name": "　"}, {"S04"}),
    "S04 a zone name that is an error cell": ({"zone_name": "=NA()"}, {"S04"}),
    "S04 a blank authority": ({"authority_code": None}, {"S04"}),
    "S04 a blank division": ({"prefecture_code": None}, {"S04"}),
    "S04 a report year of 12 months": ({"report_year": "2025年"}, {"S04"}),
    "S04 a report year of 2025.0": ({"report_year": "2025.0"}, set()),
    "S04 a report year of 2024.5": ({"report_year": 2024.5}, {"S04"}),
    "S04 does not ask for the optional": (
        {"applicant_name": None, "area_km2": None, "contact_phone": None},
        set(),
    ),
    "S04 does not name an optional field that can't be read": (
        {"area_km2": "约五", "filled_on": "昨天", "operator_name": "=NA()"},
        set(),
    ),
    # S05
    "S05 an authority that does not exist": ({"authority_code": "440400"}, {"S05"}),
    "S05 a division of another authority": ({"prefecture_code": "440100"}, {"S05"}),
    "S05 a plan city under its province": ({"authority_code": "440000"}, {"S05"}),
    "S05 a division that does not exist": ({"prefecture_code": "440399"}, {"S05"}),
    "S05 codes typed as numbers": ({"authority_code": 440300, "prefecture_code": 440300}, set()),
    "S05 a division of the Corps": ({"authority_code": "660000", "prefecture_code": "659007"}, set()),
    # S06, received on 1 March 2026
    "S06 the year before the one of receipt": ({"report_year": 2025}, set()),
    "S06 the year of receipt": ({"report_year": 2026}, {"S06"}),
    "S06 2012": ({"report_year": 2012}, set()),
    "S06 2011": ({"report_year": 2011}, {"S06"}),
    "S06 nine digits": ({"report_year": 999999999}, {"S06"}),
}


def shares(broken: int, right: int, **cells: Any) -> list[dict[str, Any]]:
    return [REVENUE | BROKEN | cells] * broken + [REVENUE] * right


ROSTERS: dict[str, tuple[list[dict[str, Any]], set[str]]] = {
    "S07 one valid row of the report year": ([{}], set()),
    "S07 no row": ([], {"S07"}),
    "S07 none of the report year": ([{"year": 2024}], {"S07", "S08", "V08"}),
    "S07 none that is valid": ([{"industry_code": "C99"}], {"S07", "S08", "V07"}),
    "S08 5 % of the rows": (shares(1, 19), {"V07"}),
    "S08 just above 5 % of the rows": (shares(1, 18), {"V07", "S08"}),
    "S08 5 % of the revenue": (shares(1, 19, revenue_wan=1), {"V07"}),
    "S08 just above 5 % of the revenue": (
        shares(1, 19, revenue_wan="1.000000000000000001"),
        {"V07", "S08"},
    ),
    "S08 a revenue that is negative does not count": (shares(1, 19, revenue_wan=-1000), {"V07", "V04"}),
    "S08 a negative revenue does not make up for another": (
        shares(1, 0, revenue_wan=-100) + shares(1, 38, revenue_wan=5),
        {"V07", "V04", "S08"},
    ),
    "S08 a revenue that can't be read does not count": (shares(1, 19, revenue_wan="百万"), {"V07", "V03"}),
}


def with_sheets(form: Any, count: int) -> Any:
    """Give the workbook with empty sheets beyond the contract, ``count`` in all."""
    more = range(count - len(form.sheets))
    form.sheets.update({f"附表{number}": [] for number in more})
    return form


STRUCTURES: dict[str, tuple[Callable[[Any], Any], set[str]]] = {
    "S01 64 sheets": (lambda form: with_sheets(form, 64), set()),
    "S01 65 sheets": (lambda form: with_sheets(form, 65), {"S01"}),
    "S02 a sheet is missing": (lambda form: form.sheets.pop("文件清单") and form, {"S02"}),
    "S02 the roster is missing": (lambda form: form.sheets.pop("企业名录") and form, {"S02", "S07"}),
    "S02 the cover is missing": (lambda form: form.sheets.pop("填报信息") and form, {"S02"}),
    "S02 a name in other forms": (lambda form: renamed(form, "企业名录", " 企业　名录 "), set()),
    "S02 two sheets of one name after folding": (
        lambda form: form.sheets.update({"企业 名录": form.sheets["企业名录"]}) or form,
        {"S02", "S07"},
    ),
    "S03 a required header is missing": (lambda form: without(form, "企业名录", "从业人员"), {"S03", "S07"}),
    "S03 an optional header is missing": (lambda form: without(form, "企业名录", "是否接受服务"), set()),
    "S03 a required header twice": (lambda form: twice(form, "企业名录", "从业人员"), {"S03", "S07"}),
    "S03 an optional header twice": (lambda form: twice(form, "企业名录", "是否接受服务"), {"S03", "S07"}),
    "S03 a title row above the headers": (lambda form: titled(form, "企业名录"), {"S03", "S07"}),
    "S03 of another sheet leaves the roster readable": (
        lambda form: without(form, "文件清单", "名称"),
        {"S03"},
    ),
    "S03 a required key of the cover is missing": (
        lambda form: without_key(form, "报告年度"),
        {"S03", "S04"},
    ),
    "S03 an optional key of the cover is missing": (lambda form: without_key(form, "联系人"), set()),
    "S03 a required key of the cover twice": (lambda form: with_key(form, "报告 年度", 2024), {"S03"}),
    "S03 a personal key of the cover twice": (lambda form: with_key(form, "联系人", "李四"), {"S03"}),
}

BYTES: dict[str, bytes] = {"empty": b"", "a text": b"zone,year\n", "half a zip": b"PK\x03\x04 and no more"}


@pytest.fixture(scope="module")
def night(night_of: Callable[..., Any], form: Callable[..., Any]) -> Any:
    late = {"report_year": 2024, "authority_code": "440400"}
    return night_of(
        {name: form(cover) for name, (cover, _) in COVERS.items()}
        | {name: form(roster=rows) for name, (rows, _) in ROSTERS.items()}
        | {name: spoil(form()) for name, (spoil, _) in STRUCTURES.items()}
        | BYTES
        | {
            "everything at once": without(
                form(late, roster=[{"uscc": "1"}], activities=[{"participants": -1}]), "文件清单", "名称"
            )
        }
    )


@pytest.mark.parametrize("name", STRUCTURES)
def test_structure(night: Any, name: str) -> None:
    assert night.rules(name) == STRUCTURES[name][1]
    assert night.is_rejected(name) == bool(STRUCTURES[name][1])


@pytest.mark.parametrize("name", COVERS)
def test_cover(night: Any, name: str) -> None:
    cover, rules = COVERS[name]
    other_year = {"V08", "S07", "S08"} if cover.get("report_year", 2025) not in {2025, "2025.0"} else set()
    readable = not rules or "S04" not in rules
    assert night.rules(name) == rules | (other_year if readable else set())
    assert night.is_rejected(name) == bool(night.rules(name))


@pytest.mark.parametrize("name", ROSTERS)
def test_roster(night: Any, name: str) -> None:
    assert night.rules(name) == ROSTERS[name][1]
    assert night.is_rejected(name) == any(rule.startswith("S") for rule in ROSTERS[name][1])


@pytest.mark.parametrize("name", BYTES)
def test_s01_is_all_that_can_be_said_of_a_file_that_can_t_be_opened(night: Any, name: str) -> None:
    (found,) = night.findings(name).iter_rows(named=True)
    assert (found["rule_id"], found["sheet"], found["row_number"], found["row_identity"]) == (
        "S01",
        None,
        None,
        "",
    )
    cover = night.verdict(name, "cover").row(0, named=True)
    assert (cover["zone_id"], cover["roster_rows"], cover["is_rejected"]) == (None, 0, True)


def test_all_that_is_wrong_is_found_in_one_pass(night: Any) -> None:
    assert night.rules("everything at once") == {"S03", "S05", "S07", "S08", "V01", "V08", "V10"}


def test_a_sheet_that_fails_s03_counts_no_rows(night: Any) -> None:
    cover = night.verdict("S03 a required header is missing", "cover").row(0, named=True)
    assert (cover["roster_rows"], cover["quarantined_rows"]) == (0, 0)


def test_what_can_be_read_of_a_rejected_workbook_is_kept(night: Any) -> None:
    cover = night.verdict("S02 the roster is missing", "cover").row(0, named=True)
    assert cover["zone_id"] == "HZ44030009"
    assert cover["submission_type"] == "annual_report"
    assert night.verdict("S02 a sheet is missing", "roster").height == 1


def test_a_zone_id_of_another_pattern_is_null(night: Any) -> None:
    assert night.verdict("S04 a zone id of another pattern", "cover")["zone_id"].to_list() == [None]


def test_optional_cover_fields_that_can_t_be_read_are_blank(night: Any) -> None:
    cover = night.verdict("S04 does not name an optional field that can't be read", "cover").row(
        0, named=True
    )
    assert (cover["area_km2"], cover["filled_on"], cover["operator_name"]) == (None, None, None)


def test_right_cover_fields_are_typed(night: Any) -> None:
    cover = night.verdict("right", "cover").row(0, named=True)
    assert cover["filled_on"] == date(2026, 2, 1)
    assert str(cover["area_km2"]) == "12.500000000000000000"
    assert cover["report_year"] == 2025


def test_a_cover_finding_names_the_row_of_its_key(night: Any) -> None:
    (found,) = night.findings("S05 a division of another authority").iter_rows(named=True)
    assert (found["sheet"], found["row_number"], found["field"]) == ("填报信息", 5, "prefecture_code")
    assert found["message_zh"] == "地市 440100 不属于主管部门 440300。"


def test_s06_names_the_row_and_the_latest_year(night: Any) -> None:
    found = night.findings("S06 the year of receipt").filter(rule_id="S06").row(0, named=True)
    assert (found["sheet"], found["row_number"], found["value"]) == ("填报信息", 6, "2026")
    assert found["expected"] == "不晚于 2025 / at most 2025"


def test_personal_data_stands_nowhere_in_the_lake(night: Any) -> None:
    written = b"".join(
        path.read_bytes() for path in night.home.rglob("*.parquet") if "archive" not in path.parts
    )
    assert "张三".encode() not in written
    assert b"13800000000" not in written


@pytest.mark.parametrize(
    ("moment", "accepted"),
    [
        ("the last second of the report year", False),
        ("the first second after the report year", True),
    ],
)
def test_s06_goes_by_the_year_of_receipt_in_shanghai(
    night_of: Callable[..., Any],
    form: Callable[..., Any],
    ledger_text: Callable[..., str],
    moment: str,
    accepted: bool,
) -> None:
    received = {
        "the last second of the report year": "2025-12-31T15:59:59+00:00",
        "the first second after the report year": "2025-12-31T16:00:00+00:00",
    }[moment]
    receipt = {"file_name": "a.xlsx", "received_at": received, "recorded_at": received}
    night = night_of(
        {"a": form()},
        {"ledgers/receipts.csv": ledger_text("receipts", [receipt])},
        as_of=datetime(2026, 6, 30, tzinfo=SHANGHAI),
    )
    assert night.is_rejected("a") != accepted


def test_shares_allowed_are_parameters(night: Any) -> None:
    strict = night.judge(parameters={"max_invalid_row_share": "0"})
    assert "S08" in strict.rules("S08 5 % of the rows")
    lenient = night.judge(parameters={"max_invalid_row_share": "1", "max_invalid_revenue_share": "1"})
    assert "S08" not in lenient.rules("S08 just above 5 % of the revenue")
