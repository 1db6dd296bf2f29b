"""Returned workbooks: cells marked, everything listed, nothing personal, nothing that runs."""

import json
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.child_limits import ChildLimits
from ingestion.judging.contract import workbook_tables
from publication.returned.children import MarkingTask, mark_in_children
from publication.returned.letter import Letter, Remark
from publication.returned.marking import mark_workbook, write_list
from publication.workbook_limits import workbook_limit

REVIEW = "审核意见"
REPORT = "returned/000000/HZ44030009_annual_report_2025_v1.xlsx"

Fill = Callable[..., Path]
Nights = Callable[..., Any]
Roster = Callable[..., Any]
Desk = Callable[..., Path]


def index(release: Path) -> dict[str, dict[str, Any]]:
    entries = json.loads((release / "returned" / "index.json").read_text(encoding="utf-8"))
    return {entry["path"]: entry for entry in entries}


def listed(book: Any) -> list[dict[str, Any]]:
    """Give the findings of the sheet 审核意见 by its headers."""
    rows = list(book[REVIEW].iter_rows(values_only=True))
    start = next(number for number, row in enumerate(rows) if row[0] == "序号")
    return [dict(zip(rows[start], row, strict=True)) for row in rows[start + 1 :]]


def head(book: Any) -> dict[str, str]:
    return {row[1]: row[2] for row in book[REVIEW].iter_rows(max_row=12, values_only=True) if row[1]}


def comments(sheet: Any) -> dict[str, str]:
    return {cell.coordinate: cell.comment.text for row in sheet.iter_rows() for cell in row if cell.comment}


def everything(path: Path) -> str:
    with zipfile.ZipFile(path) as package:
        return "".join(package.read(name).decode("utf-8", errors="replace") for name in package.namelist())


@pytest.fixture
def spoilt(fill: Fill, roster: Roster, tmp_path: Path) -> Path:
    """Give a report whose second roster row has no name and a negative revenue, the third a wrong code."""
    changed = {1: {"enterprise_name": None, "revenue_wan": -10.5}, 2: {"uscc": "O0"}}
    return fill(tmp_path / "spoilt.xlsx", roster=roster(changed))


def test_cells_are_coloured_and_commented_with_rule_fault_remedy_and_article(
    judged_night: Nights, desk_files: Desk, spoilt: Path
) -> None:
    night, _ = judged_night({"报告": spoilt})
    book = openpyxl.load_workbook(desk_files(night) / REPORT)
    sheet = book["企业名录"]
    assert set(comments(sheet)) == {"C3", "H3", "B4"}
    assert sheet["C3"].comment.text.splitlines() == [
        "【V03】必填项“企业名称”未填写。", "应为：已填写", "依据：《办法》第八条"
    ]  # fmt: skip
    assert sheet["C3"].comment.author == "审核"
    assert {sheet[cell].fill.fgColor.rgb for cell in ("C3", "H3", "B4")} == {"00FFC7A0"}
    assert sheet["C2"].fill.fill_type is None


def test_the_list_links_to_every_marked_cell(judged_night: Nights, desk_files: Desk, spoilt: Path) -> None:
    night, _ = judged_night({"报告": spoilt})
    book = openpyxl.load_workbook(desk_files(night) / REPORT)
    assert book.sheetnames[0] == REVIEW
    assert {(row["规则"], row["工作表"], row["单元格"]) for row in listed(book)} == {
        ("V03", "企业名录", "C3"), ("V04", "企业名录", "H3"), ("V01", "企业名录", "B4"),
        ("S08", "企业名录", None),
    }  # fmt: skip
    links = {cell.value: cell.hyperlink for row in book[REVIEW].iter_rows() for cell in row if cell.hyperlink}
    assert {text: link.location for text, link in links.items()} == {
        "C3": "'企业名录'!C3", "H3": "'企业名录'!H3", "B4": "'企业名录'!B4"
    }  # fmt: skip
    assert all(link.target is None for link in links.values())


def test_several_findings_on_one_cell_share_its_comment(
    judged_night: Nights, desk_files: Desk, fill: Fill, roster: Roster, tmp_path: Path
) -> None:
    changed = {1: {"year": 1999}}
    night, verdicts = judged_night({"报告": fill(tmp_path / "two.xlsx", roster=roster(changed))})
    again = {**verdicts["报告"].findings.filter(rule_id="V08").row(0, named=True), "rule_id": "Q14"}
    night.quality_failures.append(
        (
            *night.finding("q", "Q14", submission_id=verdicts["报告"].submission_id, row=3)[:9],
            "year",
            "1999",
            again["expected"],
            again["message_zh"],
            again["message_en"],
            "dbt",
            "open",
        )
    )
    sheet = openpyxl.load_workbook(desk_files(night) / REPORT)["企业名录"]
    text = comments(sheet)["A3"]
    assert text.index("【V08】") < text.index("【Q14】")
    assert sheet["A3"].fill.fgColor.rgb == "00FFC7A0"


def test_a_finding_without_a_cell_is_listed_only(
    judged_night: Nights, desk_files: Desk, fill: Fill, tmp_path: Path
) -> None:
    def spoil(book: Any) -> None:
        book.remove(book["文件清单"])

    night, _ = judged_night({"报告": fill(tmp_path / "sheet.xlsx", spoil=spoil)})
    book = openpyxl.load_workbook(desk_files(night) / REPORT)
    (row,) = listed(book)
    assert (row["规则"], row["工作表"], row["单元格"]) == ("S02", "文件清单", None)
    assert [sheet.title for sheet in book if comments(sheet)] == []


@pytest.mark.parametrize(
    ("kind", "cure_ends_on", "told"),
    [
        ("年度报告", "2026-06-29", "2026-06-29（已过"),
        ("年度报告", "2026-06-30", "2026-06-30（该日及以前"),
        ("复核", "2026-06-30", "无规定期限"),
    ],
)
def test_the_day_by_which_a_corrected_version_counts_is_that_of_the_owed_report(  # noqa: PLR0917
    judged_night: Nights,
    desk_files: Desk,
    fill: Fill,
    tmp_path: Path,
    kind: str,
    cure_ends_on: str,
    told: str,
) -> None:
    path = fill(tmp_path / "late.xlsx", cover={"submission_type": kind, "zone_name": None})
    row = f"('HZ44030009', 2025, '2026-03-31', '{cure_ends_on}')"
    night, _ = judged_night(
        {"报告": path}, extra_sql=f"insert into intermediate.int_reports_owed values {row}"
    )
    release = desk_files(night)
    (only,) = index(release)
    assert head(openpyxl.load_workbook(release / only))["更正截止日"].startswith(told)


def test_the_copy_holds_what_was_sent_but_for_contacts(
    judged_night: Nights, desk_files: Desk, spoilt: Path
) -> None:
    night, _ = judged_night({"报告": spoilt})
    sent, copy = (openpyxl.load_workbook(path) for path in (spoilt, desk_files(night) / REPORT))
    for table in workbook_tables().values():
        ours = [list(row) for row in copy[table.title].iter_rows(values_only=True)]
        theirs = [list(row) for row in sent[table.title].iter_rows(values_only=True)]
        if table.name == "cover":
            theirs = [[key, "＊＊＊" if key in ("联系人", "联系电话") else value] for key, value in theirs]
        assert ours == theirs


def test_nothing_personal_is_anywhere_in_the_copy(
    judged_night: Nights, desk_files: Desk, fill: Fill, roster: Roster, tmp_path: Path
) -> None:
    def spoil(book: Any) -> None:
        book.create_sheet("通讯录").append(["张三丰", "13800001234"])
        book["企业名录"].cell(1, 17, "联系电话")
        book["企业名录"].cell(2, 17, "13800001234")
        book["填报信息"].cell(1, 3, "张三丰")
        book["填报信息"].cell(20, 1, "手机")
        book["填报信息"].cell(20, 2, "13800001234")
        book["企业名录"]["A2"].comment = openpyxl.comments.Comment("问张三丰", "张三丰")
        book["企业名录"]["C2"].hyperlink = "mailto:13800001234@example.com"
        book["企业名录"].oddHeader.center.text = "张三丰"
        book.properties.creator = "张三丰"
        book.defined_names["p"] = openpyxl.workbook.defined_name.DefinedName("p", attr_text='"张三丰"')

    path = fill(tmp_path / "contacts.xlsx", spoil=spoil, roster=roster({1: {"enterprise_name": None}}))
    night, _ = judged_night({"报告": path})
    release = desk_files(night)
    assert "张三丰" in everything(path)
    for file in (release / "returned").rglob("*.xlsx"):
        assert "张三丰" not in everything(file)
        assert "13800001234" not in everything(file)
    book = openpyxl.load_workbook(release / REPORT)
    assert "通讯录" not in book.sheetnames
    assert "通讯录" in head(book)["未附的工作表"]
    assert book["企业名录"]["Q2"].value == "＊＊＊"


def test_headers_below_row_1_still_tell_which_columns_are_the_contracts(
    judged_night: Nights, desk_files: Desk, fill: Fill, tmp_path: Path
) -> None:
    def spoil(book: Any) -> None:
        sheet = book["企业名录"]
        sheet.cell(1, 17, "联系电话")
        sheet.cell(2, 17, "13800001234")
        sheet.insert_rows(1)
        sheet.cell(1, 1, "企业名录（2025）")

    night, _ = judged_night({"报告": fill(tmp_path / "title.xlsx", spoil=spoil)})
    sheet = openpyxl.load_workbook(desk_files(night) / REPORT)["企业名录"]
    assert (sheet["A1"].value, sheet["C3"].value, sheet["Q3"].value) == (
        "企业名录（2025）",
        "测试企业1",
        "＊＊＊",
    )


def test_a_sheet_of_the_lists_own_name_gives_way(
    judged_night: Nights, desk_files: Desk, fill: Fill, roster: Roster, tmp_path: Path
) -> None:
    def spoil(book: Any) -> None:
        book.create_sheet(REVIEW)["A1"] = "旧的审核意见"

    path = fill(tmp_path / "again.xlsx", spoil=spoil, roster=roster({1: {"enterprise_name": None}}))
    night, _ = judged_night({"报告": path})
    book = openpyxl.load_workbook(desk_files(night) / REPORT)
    assert book.sheetnames.count(REVIEW) == 1
    assert book[REVIEW]["A1"].value == REVIEW
    assert "旧的审核意见" not in {cell for row in book[REVIEW].values for cell in row}


def test_no_formula_leaves_and_texts_that_look_like_one_stay_texts(
    judged_night: Nights, desk_files: Desk, fill: Fill, tmp_path: Path
) -> None:
    def spoil(book: Any) -> None:
        book["企业名录"]["C2"] = '=HYPERLINK("http://example.com","x")'
        book["企业名录"]["B3"].value = "=1+1"
        book["企业名录"]["B3"].data_type = "s"

    path = fill(tmp_path / "formula.xlsx", spoil=spoil)
    night, _ = judged_night({"报告": path})
    book = openpyxl.load_workbook(desk_files(night) / REPORT)
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert "f" not in kinds
    assert book["企业名录"]["B3"].value == "=1+1"
    assert book["企业名录"]["C2"].value is None
    assert "'=1+1" in {row["原值"] for row in listed(book)}


@pytest.mark.parametrize(
    "value",
    [
        "<b>&amp;</b>",
        "\x00\x07\x1b[31m",
        "a\u202eb",
        "x" * 10_000,
        "\ud7ff\ue000",
        '"]]>',
        "_x0041_",
        "\r\n=1",
    ],
)
def test_any_value_can_be_listed_and_commented(tmp_path: Path, fill: Fill, value: str) -> None:
    remark = Remark("V01", "V", "企业名录", ("B2",), value[:1000], value, value, value, "第八条")
    from publication.wording import legible  # noqa: PLC0415

    texts = {
        name: legible(getattr(remark, name)) for name in ("value", "message_zh", "message_en", "expected")
    }
    letter = Letter((("文件", legible(value)),), (replace(remark, **texts),))
    assert mark_workbook(fill(tmp_path / "sent.xlsx"), tmp_path / "copy.xlsx", letter) is None
    book = openpyxl.load_workbook(tmp_path / "copy.xlsx")
    assert len(comments(book["企业名录"])["B2"]) <= workbook_limit("max_comment_characters") + 20


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
def test_no_text_of_the_list_is_a_formula(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    from publication.wording import legible  # noqa: PLC0415

    told = legible(text)
    target = tmp_path_factory.mktemp("list") / "list.xlsx"
    write_list(target, Letter(((told, told),), (Remark("V01", "V", told, (), told, told, told, told, told),)))
    cells = [cell for row in openpyxl.load_workbook(target)[REVIEW].iter_rows() for cell in row]
    assert "f" not in {cell.data_type for cell in cells}
    assert not [cell for cell in cells if str(cell.value or "").startswith(("=", "+", "-", "@", "\t", "\r"))]


def padded(source: Path, target: Path, size: int) -> Path:
    """Give a copy of a workbook that unpacks to ``size`` more bytes."""
    shutil.copy(source, target)
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/padding.bin", b" " * size)
    return target


@pytest.mark.parametrize("case", ["no_zip", "empty", "too_large", "styles"])
def test_a_workbook_that_cannot_be_marked_gets_its_list_alone(
    judged_night: Nights, desk_files: Desk, spoilt: Path, tmp_path: Path, case: str
) -> None:
    sent = tmp_path / "sent.xlsx"
    if case == "too_large":
        padded(spoilt, sent, workbook_limit("max_marked_bytes"))
    elif case == "styles":
        with zipfile.ZipFile(spoilt) as whole, zipfile.ZipFile(sent, "w") as broken:
            for name in whole.namelist():
                content = whole.read(name)
                broken.writestr(
                    name, content.replace(b"<cellXfs", b"<cellXfz") if "styles" in name else content
                )
    else:
        sent.write_bytes(b"" if case == "empty" else b"no zip")
    night, verdicts = judged_night({"报告": sent})
    release = desk_files(night)
    ((path, entry),) = index(release).items()
    assert not entry["is_marked"]
    book = openpyxl.load_workbook(release / path)
    assert book.sheetnames == [REVIEW]
    assert len(listed(book)) == verdicts["报告"].findings.height
    assert head(book)["副本"].startswith("未附原表副本：")


def test_a_child_without_memory_leaves_the_list(spoilt: Path, tmp_path: Path) -> None:
    task = MarkingTask(spoilt, tmp_path / "copy.xlsx", Letter((), ()))
    ((_, failure),) = mark_in_children([task], ChildLimits(memory_limit_bytes=40 << 20))
    assert failure is not None
    assert not task.target.exists()


def test_every_unreadable_workbook_is_returned_under_a_name_of_its_own(
    judged_night: Nights, desk_files: Desk, tmp_path: Path
) -> None:
    files = {}
    for name in ("一", "二"):
        files[name] = tmp_path / f"{name}.xlsx"
        files[name].write_bytes(name.encode())
    night, _ = judged_night(files)
    assert sorted(index(desk_files(night))) == [
        "returned/000000/unknown_unknown_unknown_v1.xlsx", "returned/000000/unknown_unknown_unknown_v2.xlsx"
    ]  # fmt: skip


def test_of_several_versions_the_one_in_force_and_the_newest_go_back(
    judged_night: Nights, desk_files: Desk, fill: Fill, tmp_path: Path
) -> None:
    files = {
        "1": fill(tmp_path / "1.xlsx", cover={"zone_name": None}),
        "2": fill(tmp_path / "2.xlsx", cooperation=[{"category": "创新平台"}]),
        "3": fill(tmp_path / "3.xlsx", cover={"prefecture_code": None}),
    }
    night, verdicts = judged_night(files)
    assert [verdict.is_rejected for verdict in verdicts.values()] == [True, False, True]
    stems = [path.rpartition("_")[2] for path in sorted(index(desk_files(night)))]
    assert stems == ["v2.xlsx", "v3.xlsx"]


def test_what_was_answered_for_good_asks_nothing_of_the_zone(
    judged_night: Nights, desk_files: Desk, spoilt: Path
) -> None:
    night, _ = judged_night({"报告": spoilt})
    rows = night.quality_failures
    night.quality_failures = [(*row[:-1], "waived") for row in rows]
    assert index(desk_files(night)) == {}
    night.quality_failures = [(*row[:-1], "open" if row[1] == "V01" else "confirmed_correct") for row in rows]
    book = openpyxl.load_workbook(desk_files(night) / REPORT)
    assert {row["规则"]: row["处理"] for row in listed(book)}["V03"] == "已处理"
    assert book["企业名录"]["C3"].fill.fgColor.rgb == "00E2EFDA"


def test_an_unchanged_one_is_taken_over_and_a_changed_one_is_made_anew(
    judged_night: Nights, desk_files: Desk, fill: Fill, spoilt: Path, tmp_path: Path
) -> None:
    other = fill(tmp_path / "other.xlsx", cover={"zone_id": "HZ44030008", "zone_name": None})
    night, verdicts = judged_night({"报告": spoilt, "另一": other})
    first = desk_files(night)
    night.quality_failures.append(night.finding("new", "Q01", submission_id=verdicts["另一"].submission_id))
    second = desk_files(night, previous=first)
    assert (first / REPORT).stat().st_ino == (second / REPORT).stat().st_ino
    changed = REPORT.replace("0009", "0008")
    assert (first / changed).stat().st_ino != (second / changed).stat().st_ino
    assert len(listed(openpyxl.load_workbook(second / changed))) == 2


def test_more_cells_than_comments_are_said_to_be_coloured_only(
    judged_night: Nights, desk_files: Desk, fill: Fill, tmp_path: Path
) -> None:
    most = workbook_limit("max_comments")
    activities = [{"held_on": None, "service_area": "政策宣贯", "name": "活动"} for _ in range(most + 3)]
    night, _ = judged_night({"报告": fill(tmp_path / "many.xlsx", activities=activities)})
    book = openpyxl.load_workbook(desk_files(night) / REPORT)
    assert len(comments(book["服务活动"])) == most
    assert "3 个单元格" in head(book)["批注"]
    assert book["服务活动"].cell(most + 4, 1).fill.fgColor.rgb == "00FFC7A0"


def test_the_folder_is_that_of_the_zones_authority_and_never_what_a_ledger_makes_up(
    judged_night: Nights, desk_files: Desk, spoilt: Path
) -> None:
    night, _ = judged_night({"报告": spoilt})
    own, *rest = night.zone("HZ44030009", "测试")
    night.zones = [(own, rest[0], "440300", *rest[2:])]
    assert set(index(desk_files(night))) == {REPORT.replace("000000", "440300")}
    night.zones = [(own, rest[0], "../../..", *rest[2:])]
    assert set(index(desk_files(night))) == {REPORT}


def test_the_manifest_names_them(judged_night: Nights, spoilt: Path) -> None:
    night, _ = judged_night({"报告": spoilt})
    manifest = json.loads((night.publish() / "manifest.json").read_text(encoding="utf-8"))
    assert {REPORT, "returned/index.json"} < {file["path"] for file in manifest["files"]}
