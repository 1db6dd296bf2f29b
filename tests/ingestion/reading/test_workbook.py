"""What the reader makes of real workbooks, sheet by sheet."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
import xlsxwriter

ERROR = "\x1b"
MASK = "＊＊＊"

COVER = [["报送类型", "申报"], ["报告年度", 2025], ["联系人", "张三"], ["联系电话", 13800138000]]


def test_headers_and_titles_match_after_folding_spaces_and_full_width_forms(read, workbook_of) -> None:
    header = [" 外资占比 (%)", "ＰＣＴ国际专利（件）", "企 业\n名称", "备注"]
    result = read(workbook_of({"企业 名录": [header, [25, 3, "甲", "私"]], "自报指标　": [["年度"]]}))
    roster = result.sheet("roster")
    assert roster["title"] == "企业 名录"
    assert roster["headers"] == header
    assert [(column["position"], column["field"], column["column"]) for column in roster["columns"]] == [
        (1, "foreign_share_pct", "c1"),
        (2, "pct_patents", "c2"),
        (3, "enterprise_name", "c3"),
        (4, None, None),
    ]
    assert result.sheet("self_reported")["title"] == "自报指标　"


def test_case_counts_in_headers(read, workbook_of) -> None:
    result = read(workbook_of({"企业名录": [["pct国际专利（件）"], [3]]}))
    assert result.sheet("roster")["columns"][0]["field"] is None


def test_cells_of_columns_and_sheets_beyond_the_contract_are_not_kept(read, workbook_of) -> None:
    result = read(workbook_of({"企业名录": [["年度", "备注"], [2025, "不外传"]], "其他": [["秘密"]]}))
    assert result.table("roster").rows() == [(2, "2025")]
    assert result.sheet(None) == {
        "title": "其他",
        "table_name": None,
        "headers": [],
        "columns": [],
        "file": None,
        "rows": 0,
    }
    assert "不外传".encode() not in result.everything()
    assert "秘密".encode() not in result.everything()


def test_a_header_twice_is_stored_twice(read, workbook_of) -> None:
    result = read(workbook_of({"企业名录": [["年度", "年 度"], [2024, 2025]]}))
    assert [column["column"] for column in result.sheet("roster")["columns"]] == ["c1", "c2"]
    assert result.table("roster").rows() == [(2, "2024", "2025")]


def test_a_sheet_twice_is_stored_twice(read, workbook_of) -> None:
    result = read(workbook_of({"企业名录": [["年度"], [2024]], "企业名录 ": [["年度"], [2025]]}))
    first, second = result.sheets("roster")
    assert (first["title"], second["title"]) == ("企业名录", "企业名录 ")
    assert first["file"] != second["file"]


def test_of_two_sheets_of_the_very_same_title_both_are_named_and_the_first_is_read(
    read, parts_of, zipped
) -> None:
    parts = parts_of('<row r="1"><c r="A1" t="inlineStr"><is><t>年度</t></is></c></row>')
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(
        "</sheets>", '<sheet name="企业名录" sheetId="2" r:id="rId2"/></sheets>'
    )
    rels = parts["xl/_rels/workbook.xml.rels"]
    second = rels[rels.index("<Relationship ") : rels.index("</Relationships>")]
    second = second.replace("rId1", "rId2").replace("sheet1", "sheet2")
    parts["xl/_rels/workbook.xml.rels"] = rels.replace("</Relationships>", second + "</Relationships>")
    sheet = parts["xl/worksheets/sheet1.xml"]
    parts["xl/worksheets/sheet2.xml"] = sheet.replace("年度", "企业名称")
    assert [sheet["headers"] for sheet in read(zipped(parts)).sheets("roster")] == [["年度"], []]


def test_wholly_blank_rows_are_left_out_and_the_others_keep_their_numbers(read, workbook_of) -> None:
    rows = [
        ["年度", "企业名称", "备注"],
        [2025, "甲"],
        [],
        [None, " \u3000 "],
        [None, None, "有"],
        [2025, "乙"],
    ]
    assert read(workbook_of({"企业名录": rows})).table("roster").rows() == [
        (2, "2025", "甲"),
        (5, None, None),
        (6, "2025", "乙"),
    ]


def test_a_table_that_begins_in_column_b_and_row_3_keeps_its_places(read, written) -> None:
    def build(workbook: xlsxwriter.Workbook) -> None:
        sheet = workbook.add_worksheet("企业名录")
        sheet.write_row(2, 1, ["年度", 2025])

    roster = read(written(build)).sheet("roster")
    assert roster["headers"] == [None, None, None]
    assert roster["rows"] == 1


def test_a_merged_title_row_is_the_header_row(read, written) -> None:
    def build(workbook: xlsxwriter.Workbook) -> None:
        sheet = workbook.add_worksheet("企业名录")
        sheet.merge_range(0, 0, 0, 2, "2025年企业名录")
        sheet.write_row(1, 0, ["年度", "企业名称", "行业代码"])
        sheet.write_row(2, 0, [2025, "甲", "C3311"])

    roster = read(written(build)).sheet("roster")
    assert roster["headers"] == ["2025年企业名录", None, None]
    assert [column["field"] for column in roster["columns"]] == [None]
    assert roster["rows"] == 2


def test_types_of_cells_become_their_canonical_texts(read, written) -> None:
    def build(workbook: xlsxwriter.Workbook) -> None:
        day = workbook.add_format({"num_format": "yyyy-mm-dd"})
        sheet = workbook.add_worksheet("合作与平台")
        sheet.write_row(0, 0, ["名称", "设立日期"])
        sheet.write_row(1, 0, [12.0, None])
        sheet.write_datetime(1, 1, date(2026, 3, 1), day)
        sheet.write(2, 0, True)
        sheet.write_datetime(2, 1, datetime.fromisoformat("2026-03-01T18:30"), day)
        sheet.write_string(3, 0, "0012")
        sheet.write_string(3, 1, "2026年3月1日")

    assert read(written(build)).table("cooperation").rows() == [
        (2, "12", "2026-03-01"),
        (3, "TRUE", "2026-03-01"),
        (4, "0012", "2026年3月1日"),
    ]


def test_a_code_typed_as_a_number_keeps_the_digits_that_are_left_of_it(read, raw) -> None:
    result = read(
        raw(
            '<row r="1"><c r="A1" t="inlineStr"><is><t>统一社会信用代码</t></is></c></row>'
            '<row r="2"><c r="A2"><v>110000198001011234</v></c></row>'
            '<row r="3"><c r="A3" t="inlineStr"><is><t>110000198001011234</t></is></c></row>'
        )
    )
    assert result.column("roster", "uscc") == ["110000198001011230", "110000198001011234"]


def test_a_formula_counts_by_its_stored_value_and_without_one_is_blank(read, raw) -> None:
    result = read(
        raw(
            '<row r="1"><c r="A1" t="inlineStr"><is><t>年度</t></is></c>'
            '<c r="B1" t="inlineStr"><is><t>营业收入（万元）</t></is></c></row>'
            '<row r="2"><c r="A2"><f>2000+25</f><v>2025</v></c><c r="B2"><f>1+1</f></c></row>'
            '<row r="3"><c r="A3"><f>2000+25</f><v>2025</v></c><c r="B3" t="str"><f>""</f><v></v></c></row>'
        )
    )
    assert result.table("roster").rows() == [(2, "2025", None), (3, "2025", None)]


@pytest.mark.parametrize("text", ["#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"])
def test_an_error_cell_is_neither_text_nor_blank(read, written, text: str) -> None:
    def build(workbook: xlsxwriter.Workbook) -> None:
        sheet = workbook.add_worksheet("企业名录")
        sheet.write_row(0, 0, ["从业人员", "营业收入（万元）"])
        sheet.write_formula(1, 0, "=A2", None, text)
        sheet.write_string(2, 1, text)
        sheet.write_row(3, 0, [1, 2])

    assert read(written(build)).table("roster").rows() == [
        (2, ERROR + text, None),
        (3, None, text),
        (4, "1", "2"),
    ]


@pytest.mark.parametrize("text", ["#SPILL!", "#CALC!", "#GETTING_DATA"])
def test_an_error_that_the_library_does_not_know_is_an_error_cell_too(read, raw, text: str) -> None:
    result = read(
        raw(
            '<row r="1"><c r="A1" t="inlineStr"><is><t>从业人员</t></is></c></row>'
            f'<row r="2"><c r="A2" t="e"><v>{text}</v></c></row><row r="3"><c r="A3"><v>5</v></c></row>'
        )
    )
    assert result.column("roster", "employees") == [ERROR + text, "5"]


def test_an_error_cell_without_a_stored_text_is_blank(read, raw) -> None:
    result = read(
        raw(
            '<row r="1"><c r="A1" t="inlineStr"><is><t>年度</t></is></c></row>'
            '<row r="2"><c r="A2"><v>2025</v></c><c r="D2" t="e"><v></v></c><c r="E2" t="e"/></row>'
        )
    )
    assert result.table("roster").rows() == [(2, "2025")]


def test_an_error_cell_makes_a_row_that_is_not_blank_even_beyond_the_contract(read, written) -> None:
    def build(workbook: xlsxwriter.Workbook) -> None:
        sheet = workbook.add_worksheet("企业名录")
        sheet.write_row(0, 0, ["年度", "备注"])
        sheet.write_formula(4, 1, "=1/0", None, "#DIV/0!")

    assert read(written(build)).table("roster").rows() == [(5, None)]


def test_cells_that_do_not_say_where_they_are_follow_one_another(read, raw) -> None:
    result = read(
        raw(
            '<row><c t="inlineStr"><is><t>年度</t></is></c>'
            '<c t="inlineStr"><is><t>从业人员</t></is></c></row>'
            '<row><c><v>2025</v></c><c t="e"><v>#N/A</v></c></row>'
        )
    )
    assert result.table("roster").rows() == [(2, "2025", ERROR + "#N/A")]


def test_the_cover_is_read_as_keys_and_values_with_personal_ones_masked(read, workbook_of) -> None:
    result = read(workbook_of({"填报信息": COVER}))
    assert result.table("cover").rows() == [
        (1, "报送类型", "申报"),
        (2, "报告年度", "2025"),
        (3, "联系人", MASK),
        (4, "联系电话", MASK),
    ]
    assert result.sheet("cover")["headers"] == []


def test_personal_data_are_nowhere_in_what_was_read(read, workbook_of) -> None:
    rows = [["联 系 人", "张三", "李四"], ["联系人", "王五"], ["紧急联系人", "赵六"], [None, "钱七"]]
    result = read(workbook_of({"填报信息": rows}))
    assert result.table("cover").rows() == [
        (1, "联 系 人", MASK),
        (2, "联系人", MASK),
        (3, "紧急联系人", None),
    ]
    for name in ("张三", "李四", "王五", "赵六", "钱七"):
        assert name.encode() not in result.everything()


def test_a_blank_personal_cell_stays_blank_and_an_error_stays_an_error(read, written) -> None:
    def build(workbook: xlsxwriter.Workbook) -> None:
        sheet = workbook.add_worksheet("填报信息")
        sheet.write(0, 0, "联系人")
        sheet.write(1, 0, "联系电话")
        sheet.write_formula(1, 1, "=1/0", None, "#DIV/0!")

    assert read(written(build)).table("cover").rows() == [
        (1, "联系人", None),
        (2, "联系电话", ERROR + "#DIV/0!"),
    ]


def test_a_column_of_the_cover_beyond_key_and_value_is_named_by_its_place_alone(read, workbook_of) -> None:
    columns = read(workbook_of({"填报信息": [["报送类型", "申报", None, "见附件"]]})).sheet("cover")[
        "columns"
    ]
    assert [(column["position"], column["column"]) for column in columns] == [(1, "c1"), (2, "c2"), (4, None)]


def test_an_empty_sheet_has_no_headers_and_no_rows(read, workbook_of) -> None:
    result = read(workbook_of({"企业名录": [], "填报信息": []}))
    assert (result.sheet("roster")["headers"], result.sheet("roster")["rows"]) == ([], 0)
    assert result.table("cover").height == 0


def test_a_chart_of_the_name_of_a_sheet_has_no_cells(read, written) -> None:
    def build(workbook: xlsxwriter.Workbook) -> None:
        workbook.add_worksheet("数据").write_row(0, 0, [1, 2])
        chart = workbook.add_chart({"type": "line"})
        chart.add_series({"values": "=数据!$A$1:$B$1"})
        workbook.add_chartsheet("企业名录").set_chart(chart)

    assert read(written(build)).sheet("roster")["file"] is None


def test_dates_of_a_workbook_that_counts_from_1904_are_the_same_days(
    read, written: Callable[[Callable[[Any], None]], bytes]
) -> None:
    def build(workbook: xlsxwriter.Workbook) -> None:
        workbook.date_1904 = True
        workbook.epoch = datetime.fromisoformat("1904-01-01")
        sheet = workbook.add_worksheet("文件清单")
        sheet.write(0, 0, "日期")
        sheet.write_datetime(1, 0, date(2026, 3, 1), workbook.add_format({"num_format": "yyyy-mm-dd"}))

    assert read(written(build)).column("documents", "dated_on") == ["2026-03-01"]
