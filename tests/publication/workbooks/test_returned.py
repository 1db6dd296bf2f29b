"""Returned workbooks: cells marked, everything listed, nothing personal, nothing that runs."""

import json
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
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


@dataclass(frozen=True)
class Returned:
    """What was sent, by name, and the release in which it goes back."""

    sent: dict[str, Path]
    release: Path
    verdicts: dict[str, Any]

    def entry(self, name: str) -> dict[str, Any]:
        """Give what the index says of a workbook."""
        own = self.verdicts[name].submission_id
        (entry,) = [each for each in index(self.release).values() if each["submission_id"] == own]
        return entry

    def file(self, name: str) -> Path:
        """Give the returned workbook."""
        return self.release / self.entry(name)["path"]

    def book(self, name: str) -> Any:
        """Open it."""
        return openpyxl.load_workbook(self.file(name))


def nameless(roster: Roster) -> list[dict[str, Any]]:
    """Give roster rows of which the second has no enterprise's name."""
    return roster({1: {"enterprise_name": None}})


def without_documents(book: Any) -> None:
    book.remove(book["文件清单"])


def with_contacts(book: Any) -> None:
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


def with_a_title(book: Any) -> None:
    sheet = book["企业名录"]
    sheet.cell(1, 17, "联系电话")
    sheet.cell(2, 17, "13800001234")
    sheet.insert_rows(1)
    sheet.cell(1, 1, "企业名录（2025）")


def with_an_old_review(book: Any) -> None:
    book.create_sheet(REVIEW)["A1"] = "旧的审核意见"


def with_formulas(book: Any) -> None:
    book["企业名录"]["C2"] = '=HYPERLINK("http://example.com","x")'
    book["企业名录"]["B3"].value = "=1+1"
    book["企业名录"]["B3"].data_type = "s"


def with_broken_styles(source: Path, target: Path) -> Path:
    """Give a copy of a workbook whose cells can be read, and whose styles can't."""
    with zipfile.ZipFile(source) as whole, zipfile.ZipFile(target, "w") as broken:
        for name in whole.namelist():
            content = whole.read(name)
            broken.writestr(name, content.replace(b"<cellXfs", b"<cellXfz") if "styles" in name else content)
    return target


def padded(source: Path, target: Path, size: int) -> Path:
    """Give a copy of a workbook that unpacks to ``size`` more bytes."""
    shutil.copy(source, target)
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/padding.bin", b" " * size)
    return target


@pytest.fixture(scope="module")
def returned(
    fill: Fill,
    roster: Roster,
    judge_in: Nights,
    desk_files_in: Desk,
    tmp_path_factory: pytest.TempPathFactory,
) -> Returned:
    """Give the returned workbooks of a night in which many were sent, each spoilt in its own way."""
    folder = tmp_path_factory.mktemp("returned")
    changed = {1: {"enterprise_name": None, "revenue_wan": -10.5}, 2: {"uscc": "O0"}}
    ways: dict[str, dict[str, Any]] = {
        "spoilt": {"roster": roster(changed)},
        "no documents": {"spoil": without_documents},
        "contacts": {"spoil": with_contacts, "roster": nameless(roster)},
        "title": {"spoil": with_a_title},
        "old review": {"spoil": with_an_old_review, "roster": nameless(roster)},
        "formulas": {"spoil": with_formulas},
        "window over": {"cover": {"zone_name": None}},
        "window open": {"cover": {"zone_name": None}},
        "re-review": {"cover": {"zone_name": None, "submission_type": "复核"}},
    }
    files = {}
    for number, (name, way) in enumerate(ways.items(), start=10):
        cover = {"zone_id": f"HZ440300{number}", **way.pop("cover", {})}
        files[name] = fill(folder / f"{name}.xlsx", cover=cover, **way)
    files["styles"] = with_broken_styles(
        fill(folder / "whole.xlsx", cover={"zone_id": "HZ44030020"}, roster=nameless(roster)),
        folder / "styles.xlsx",
    )
    files["too large"] = padded(
        fill(folder / "small.xlsx", cover={"zone_id": "HZ44030021"}, roster=nameless(roster)),
        folder / "too large.xlsx",
        workbook_limit("max_marked_bytes"),
    )
    for name, content in (("empty", b""), ("no zip", b"no zip")):
        files[name] = folder / f"{name}.xlsx"
        files[name].write_bytes(content)
    owed = [("HZ44030016", "2026-06-29"), ("HZ44030017", "2026-06-30"), ("HZ44030018", "2026-06-30")]
    rows = ", ".join(f"('{zone}', 2025, '2026-03-31', '{day}')" for zone, day in owed)
    night, verdicts = judge_in(
        folder, files, extra_sql=f"insert into intermediate.int_reports_owed values {rows}"
    )
    return Returned(files, desk_files_in(folder, night), verdicts)


@pytest.fixture
def spoilt(fill: Fill, roster: Roster, tmp_path: Path) -> Path:
    """Give a report whose second roster row has no name and a negative revenue, the third a wrong code."""
    changed = {1: {"enterprise_name": None, "revenue_wan": -10.5}, 2: {"uscc": "O0"}}
    return fill(tmp_path / "spoilt.xlsx", roster=roster(changed))


def test_cells_are_coloured_and_commented_with_rule_fault_remedy_and_article(returned: Returned) -> None:
    sheet = returned.book("spoilt")["企业名录"]
    assert set(comments(sheet)) == {"C3", "H3", "B4"}
    assert sheet["C3"].comment.text.splitlines() == [
        "【V03】必填项“企业名称”未填写。", "应为：已填写", "依据：《办法》第八条"
    ]  # fmt: skip
    assert sheet["C3"].comment.author == "审核"
    assert {sheet[cell].fill.fgColor.rgb for cell in ("C3", "H3", "B4")} == {"00FFC7A0"}
    assert sheet["C2"].fill.fill_type is None


def test_the_list_links_to_every_marked_cell(returned: Returned) -> None:
    book = returned.book("spoilt")
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


def test_a_finding_without_a_cell_is_listed_only(returned: Returned) -> None:
    book = returned.book("no documents")
    (row,) = listed(book)
    assert (row["规则"], row["工作表"], row["单元格"]) == ("S02", "文件清单", None)
    assert [sheet.title for sheet in book if comments(sheet)] == []


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("window over", "2026-06-29（已过"),
        ("window open", "2026-06-30（该日及以前"),
        ("re-review", "无规定期限"),
        ("spoilt", "无规定期限"),
    ],
)
def test_the_day_by_which_a_corrected_version_counts_is_that_of_the_owed_report(
    returned: Returned, name: str, told: str
) -> None:
    assert head(returned.book(name))["补救期末日"].startswith(told)


def test_the_copy_holds_what_was_sent_but_for_contacts(returned: Returned) -> None:
    sent, copy = openpyxl.load_workbook(returned.sent["spoilt"]), returned.book("spoilt")
    for table in workbook_tables().values():
        ours = [list(row) for row in copy[table.title].iter_rows(values_only=True)]
        theirs = [list(row) for row in sent[table.title].iter_rows(values_only=True)]
        if table.name == "cover":
            theirs = [[key, "＊＊＊" if key in ("联系人", "联系电话") else value] for key, value in theirs]
        assert ours == theirs


def test_nothing_personal_is_anywhere_in_the_release(returned: Returned) -> None:
    assert "张三丰" in everything(returned.sent["contacts"])
    for file in (returned.release / "returned").rglob("*.xlsx"):
        assert "张三丰" not in everything(file)
        assert "13800001234" not in everything(file)


def test_what_is_beyond_the_contract_is_not_in_the_copy_and_this_is_said(returned: Returned) -> None:
    book = returned.book("contacts")
    assert "通讯录" not in book.sheetnames
    assert "通讯录" in head(book)["未附的工作表"]
    assert book["企业名录"]["Q2"].value == "＊＊＊"


def test_headers_below_row_1_still_tell_which_columns_are_the_contracts(returned: Returned) -> None:
    sheet = returned.book("title")["企业名录"]
    assert (sheet["A1"].value, sheet["C3"].value, sheet["Q3"].value) == (
        "企业名录（2025）",
        "测试企业1",
        "＊＊＊",
    )


def test_a_sheet_of_the_lists_own_name_gives_way(returned: Returned) -> None:
    book = returned.book("old review")
    assert book.sheetnames.count(REVIEW) == 1
    assert book[REVIEW]["A1"].value == REVIEW
    assert "旧的审核意见" not in {cell for row in book[REVIEW].values for cell in row}


def test_no_formula_leaves_and_texts_that_look_like_one_stay_texts(returned: Returned) -> None:
    book = returned.book("formulas")
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert "f" not in kinds
    assert book["企业名录"]["B3"].value == "=1+1"
    assert book["企业名录"]["C2"].value is None
    assert "'=1+1" in {row["原值"] for row in listed(book)}


@pytest.mark.parametrize("name", ["no zip", "empty", "too large", "styles"])
def test_a_workbook_that_cannot_be_marked_gets_its_list_alone(returned: Returned, name: str) -> None:
    assert not returned.entry(name)["is_marked"]
    book = returned.book(name)
    assert book.sheetnames == [REVIEW]
    assert len(listed(book)) == returned.verdicts[name].findings.height
    assert head(book)["副本"].startswith("未附原表副本：")


def test_every_unreadable_workbook_is_returned_under_a_name_of_its_own(returned: Returned) -> None:
    assert {returned.entry(name)["path"] for name in ("no zip", "empty")} == {
        "returned/000000/unknown_unknown_unknown_v1.xlsx", "returned/000000/unknown_unknown_unknown_v2.xlsx"
    }  # fmt: skip


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


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=60))
def test_no_text_of_the_list_is_a_formula(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    from publication.wording import legible  # noqa: PLC0415

    told = legible(text)
    target = tmp_path_factory.mktemp("list") / "list.xlsx"
    write_list(target, Letter(((told, told),), (Remark("V01", "V", told, (), told, told, told, told, told),)))
    cells = [cell for row in openpyxl.load_workbook(target)[REVIEW].iter_rows() for cell in row]
    assert "f" not in {cell.data_type for cell in cells}
    assert not [cell for cell in cells if str(cell.value or "").startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_a_child_without_memory_leaves_the_list(spoilt: Path, tmp_path: Path) -> None:
    task = MarkingTask(spoilt, tmp_path / "copy.xlsx", Letter((), ()))
    ((_, failure),) = mark_in_children([task], ChildLimits(memory_limit_bytes=40 << 20))
    assert failure is not None
    assert not task.target.exists()


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


def test_a_workbook_without_a_sheet_of_the_contract_is_its_list_and_says_what_it_left_out(
    tmp_path: Path,
) -> None:
    book = openpyxl.Workbook()
    book.active.title = "随便"
    chart = openpyxl.chart.BarChart()
    book.create_chartsheet("图表").add_chart(chart)
    book.save(tmp_path / "sent.xlsx")
    letter = Letter((), (Remark("S02", "S", "填报信息", (), "", "缺少", "missing", "一张", "第八条"),))
    assert mark_workbook(tmp_path / "sent.xlsx", tmp_path / "copy.xlsx", letter) is None
    copy = openpyxl.load_workbook(tmp_path / "copy.xlsx")
    assert copy.sheetnames == [REVIEW]
    assert head(copy)["未附的工作表"].startswith("随便、图表")


def test_a_far_formatted_cell_costs_nothing_and_merged_cells_are_marked_at_their_first(
    fill: Fill, tmp_path: Path
) -> None:
    def spoil(book: Any) -> None:
        book["企业名录"]["XFD1048576"].font = openpyxl.styles.Font(bold=True)
        book["企业名录"].merge_cells("C3:D4")

    sent = fill(tmp_path / "sent.xlsx", spoil=spoil)
    letter = Letter((), (Remark("V03", "V", "企业名录", ("D4",), "", "坏", "bad", "好", "第八条"),))
    assert mark_workbook(sent, tmp_path / "copy.xlsx", letter) is None
    assert openpyxl.load_workbook(tmp_path / "copy.xlsx")["企业名录"]["C3"].comment.author == "审核"


def test_more_cells_than_comments_are_said_to_be_coloured_only(fill: Fill, tmp_path: Path) -> None:
    most = workbook_limit("max_comments")
    cells = tuple(f"A{row}" for row in range(2, most + 5))
    letter = Letter((), (Remark("V10", "V", "服务活动", cells, "", "坏", "bad", "好", "第八条"),))
    assert mark_workbook(fill(tmp_path / "sent.xlsx"), tmp_path / "copy.xlsx", letter) is None
    book = openpyxl.load_workbook(tmp_path / "copy.xlsx")
    assert len(comments(book["服务活动"])) == most
    assert "3 个单元格" in head(book)["批注"]
    assert book["服务活动"][cells[-1]].fill.fgColor.rgb == "00FFC7A0"


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
