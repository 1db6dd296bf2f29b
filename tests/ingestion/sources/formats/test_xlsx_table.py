"""Tables as yearbooks publish them, as workbooks: read in a child process like everything from outside."""

import zipfile
from io import BytesIO
from typing import Any

import pytest

from ingestion.sources.errors import AnswerUnreadableError

YEARBOOK = [
    ["指标：货物出口总额（亿元，虚构）"],
    [],
    [None, "地区", 2024, "2023年"],
    [None, "北京市", 1234.5, 0.1],
    [None, "天津市", "…", 12],
    [None, "数据来源：虚构"],
]


def test_the_table_is_found_on_the_first_sheet_and_numbers_are_as_shown(read: Any, workbook: Any) -> None:
    frame = read(workbook({"表一": YEARBOOK, "说明": [["虚构"]]}), kind="xlsx_table")
    assert frame.select("region", "year", "value").rows() == [
        ("北京市", "2024", "1234.5"),
        ("北京市", "2023年", "0.1"),
        ("天津市", "2024", "…"),
        ("天津市", "2023年", "12"),
    ]


def test_a_sheet_is_found_by_its_title_and_an_error_cell_is_no_blank(read: Any, workbook: Any) -> None:
    rows = [*YEARBOOK[:4], [None, "天津市", float("nan"), 12]]
    frame = read(workbook({"说明": [["虚构"]], "表　一": rows}), kind="xlsx_table", sheet="表一")
    assert frame["value"].to_list() == ["1234.5", "0.1", "#NUM!", "12"]


@pytest.mark.parametrize(
    ("spoil", "detail"),
    [
        pytest.param(lambda body: b"<html>" + body[:100], "not_a_zip", id="a page"),
        pytest.param(lambda body: body[: len(body) // 2], "corrupt", id="half a workbook"),
        pytest.param(lambda body: with_part(body, "xl/vbaProject.bin"), "macro_enabled", id="macros"),
    ],
)
def test_a_workbook_that_may_not_be_opened_is_refused(
    read: Any, workbook: Any, spoil: Any, detail: str
) -> None:
    with pytest.raises(AnswerUnreadableError, match=detail) as refused:
        read(spoil(workbook({"表一": YEARBOOK})), kind="xlsx_table")
    assert refused.value.case_id == "unreadable_workbook"


def test_a_sheet_that_is_not_there_is_refused(read: Any, workbook: Any) -> None:
    with pytest.raises(AnswerUnreadableError, match="no_sheet: 表二"):
        read(workbook({"表一": YEARBOOK}), kind="xlsx_table", sheet="表二")


def with_part(body: bytes, part: str) -> bytes:
    """Give the workbook ``body`` with a macro part that its content types declare."""
    target = BytesIO()
    with zipfile.ZipFile(BytesIO(body)) as source, zipfile.ZipFile(target, "w") as copy:
        for entry in source.infolist():
            content = source.read(entry)
            if entry.filename == "[Content_Types].xml":
                declared = (
                    f'<Override PartName="/{part}" ContentType="application/vnd.ms-office.vbaProject"/>'
                )
                content = content.replace(b"</Types>", declared.encode() + b"</Types>")
            copy.writestr(entry.filename, content)
        copy.writestr(part, b"")
    return target.getvalue()
