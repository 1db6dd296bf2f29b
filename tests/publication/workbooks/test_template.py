"""The blank template: the contract's sheets and nothing else, and what is filled in rightly is accepted."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest

from ingestion.judging.contract import COVER, workbook_tables
from ingestion.seeds import load_seed
from publication.errors import UnknownCodeError
from publication.template.guide import write_guide
from publication.template.notes import header_note
from publication.template.prefill import prefill
from publication.template.validation import known_codes
from publication.template.workbook import write_template
from publication.workbook_limits import workbook_limit

TABLES = workbook_tables()


@pytest.fixture(scope="module")
def book(blank_template: Path) -> Any:
    return openpyxl.load_workbook(blank_template)


def validations(sheet: Any) -> dict[str, Any]:
    """Give the data validations of a sheet by the first cell that they hold for."""
    return {str(each.sqref).split(":")[0]: each for each in sheet.data_validations.dataValidation}


def test_it_has_the_sheets_of_the_contract_in_their_order_and_no_other(book: Any) -> None:
    assert (
        book.sheetnames
        == load_seed("workbook_sheets").sort(pl.col("position").cast(pl.Int64))["sheet_zh"].to_list()
    )


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_every_header_stands_where_the_contract_has_it(book: Any, table: Any) -> None:
    sheet = book[table.title]
    cells = sheet["A"] if table.name == COVER else sheet[1]
    assert [cell.value for cell in cells] == [field.header for field in table.all_fields]


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_every_header_has_a_note_and_is_locked_while_the_cells_to_fill_are_open(
    book: Any, table: Any
) -> None:
    sheet = book[table.title]
    assert sheet.protection.sheet
    for place, field in enumerate(table.all_fields, start=1):
        header = sheet.cell(place, 1) if table.name == COVER else sheet.cell(1, place)
        assert header.protection.locked
        assert header.comment.text == header_note(table, field)
        if table.name == COVER:
            assert not sheet.cell(place, 2).protection.locked
        else:
            (covering,) = [each for each in sheet.column_dimensions.values() if each.min <= place <= each.max]
            assert not covering.protection.locked


def test_a_note_tells_requirement_unit_and_article() -> None:
    roster = TABLES["roster"]
    note = header_note(roster, roster.field("revenue_wan"))
    assert note.splitlines()[0] == "营业收入（万元）（必填）"
    assert "单位：万元" in note
    assert "依据：《办法》附件第四部分" in note


def test_every_field_has_one_note() -> None:
    fields = load_seed("workbook_fields").select("table_name", "field")
    assert load_seed("workbook_notes").select("table_name", "field").rows() == fields.rows()


@pytest.mark.parametrize(
    ("title", "cell", "listed"),
    [
        ("填报信息", "B1", "申报,年度报告,复核"),
        ("企业名录", "E2", "内资,外资,合资,港澳台资"),
        ("企业名录", "P2", "是,否"),
        ("文件清单", "A2", "发展规划,年度工作方案,年度发展报告,其他"),
    ],
)
def test_listed_values_are_drop_down_lists(book: Any, title: str, cell: str, listed: str) -> None:
    found = validations(book[title])[cell]
    assert (found.type, found.formula1) == ("list", f'"{listed}"')


def test_several_tiers_may_stand_in_one_cell(book: Any) -> None:
    assert not validations(book["企业名录"])["O2"].showErrorMessage


@pytest.mark.parametrize(
    ("title", "cell", "holds"),
    [
        ("企业名录", "B2", ("textLength", "18", "18")),
        ("企业名录", "F2", ("decimal", "0.0", "100.0")),
        ("规划目标", "B2", ("whole", "A2", "A2+4")),
        ("服务活动", "A2", ("date", "DATE('填报信息'!$B$6,1,1)", "DATE('填报信息'!$B$6,12,31)")),
        ("填报信息", "B6", ("whole", "2012", "YEAR(TODAY())-1")),
    ],
)
def test_numbers_dates_and_lengths_are_held_to_the_contract(
    book: Any, title: str, cell: str, holds: tuple[str, str, str]
) -> None:
    found = validations(book[title])[cell]
    assert (found.type, found.formula1, found.formula2) == holds


def test_a_validation_holds_down_to_the_last_row_that_is_read(book: Any) -> None:
    ranges = {str(each.sqref) for each in book["企业名录"].data_validations.dataValidation}
    assert "B2:B1048576" in ranges


def test_no_drop_down_list_is_longer_than_xlsx_allows(book: Any) -> None:
    lists = [
        each.formula1
        for sheet in book
        for each in sheet.data_validations.dataValidation
        if each.type == "list"
    ]
    assert lists
    assert max(len(text) - len('""') for text in lists) <= workbook_limit("max_drop_down_characters")


def test_codes_too_many_for_a_list_are_held_to_their_length(book: Any) -> None:
    assert len(",".join(known_codes(COVER, "prefecture_code"))) > workbook_limit("max_drop_down_characters")
    assert validations(book["填报信息"])["B5"].type == "textLength"


def test_a_filled_template_is_accepted_without_a_finding(
    fill: Callable[..., Path], check: Callable[..., Any], tmp_path: Path
) -> None:
    checked = check(fill(tmp_path / "filled.xlsx"))
    assert checked.findings.rows() == []
    assert not checked.is_rejected
    assert checked.cover["roster_rows"] == 4


def test_a_filled_template_has_nothing_beyond_the_contract(
    fill: Callable[..., Path], check: Callable[..., Any], tmp_path: Path
) -> None:
    checked = check(fill(tmp_path / "filled.xlsx"))
    judged = checked.reading.parents[2] / "judged"
    extras = next(judged.glob(f"*/{checked.submission_id}/extras.parquet"))
    assert pl.read_parquet(extras).is_empty()


def test_without_a_release_any_zone_is_taken_and_only_what_was_said_is_filled_in(tmp_path: Path) -> None:
    known = prefill(tmp_path, zone_id="HZ44030009", submission_type="annual_report", report_year=2025)
    assert known.cover == {"zone_id": "HZ44030009", "submission_type": "年度报告", "report_year": 2025}


def test_a_zone_of_the_current_release_is_filled_in(make_night: Callable[..., Any], tmp_path: Path) -> None:
    night = make_night()
    night.publish()
    known = prefill(night.home, zone_id="HZ32050001")
    write_template(tmp_path / "known.xlsx", known)
    cover = openpyxl.load_workbook(tmp_path / "known.xlsx")["填报信息"]
    assert [cover.cell(row, 2).value for row in range(1, 7)] == [
        None, "HZ32050001", "苏州合作区", "320000", "320500", None
    ]  # fmt: skip


def test_an_authority_narrows_zones_and_divisions_to_its_own(tmp_path: Path) -> None:
    write_template(tmp_path / "known.xlsx", prefill(tmp_path, authority_code="110000"))
    listed = validations(openpyxl.load_workbook(tmp_path / "known.xlsx")["填报信息"])["B5"]
    own = load_seed("prefectures").filter(authority_code="110000")["prefecture_code"]
    assert listed.formula1.strip('"').split(",") == own.to_list()


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"zone_id": "HZ99999999"}, "No zone has the code"),
        ({"authority_code": "999999"}, "No authority has the code"),
        ({"submission_type": "annual"}, "No submission type has the code"),
        ({"zone_id": "HZ32050001", "authority_code": "110000"}, "belongs to the authority 320000"),
    ],
)
def test_a_code_that_nobody_knows_is_told(
    make_night: Callable[..., Any], asked: dict[str, str], message: str
) -> None:
    night = make_night()
    night.publish()
    with pytest.raises(UnknownCodeError, match=message):
        prefill(night.home, **asked)


def test_the_guide_explains_every_field_and_lists_every_code(tmp_path: Path) -> None:
    write_guide(tmp_path / "guide.xlsx")
    book = openpyxl.load_workbook(tmp_path / "guide.xlsx", read_only=True)
    rows = {sheet.title: list(sheet.iter_rows(min_row=2, values_only=True)) for sheet in book}
    fields = [(row[0], row[1]) for row in rows["栏目"]]
    assert fields == [(table.title, field.header) for table in TABLES.values() for field in table.all_fields]
    assert {row[2] for row in rows["主管部门和地市"] if row[2]} == set(
        load_seed("prefectures")["prefecture_code"]
    )
    assert {row[0] for row in rows["国家地区"]} == set(load_seed("countries")["alpha2"])
    rules = {row[0] for row in rows["审核规则"]}
    assert {"S01", "V12"} <= rules
    assert "V20" not in rules
