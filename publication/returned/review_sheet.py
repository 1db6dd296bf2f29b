"""The sheet 审核意见: everything that was found, with links to the cells, in a workbook of openpyxl.

Belongs here: how the list looks. Runs in a child process, on texts that ``letter`` made.
"""

from copy import copy
from typing import Any

from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.properties import PageSetupProperties

from publication.returned.letter import Letter, Remark
from publication.wording import as_spreadsheet_text

REVIEW_SHEET = "审核意见"

COLUMNS = {
    "序号": 6, "规则": 8, "工作表": 14, "单元格": 12, "原值": 24, "问题": 60, "应为": 36, "依据": 26,
    "Finding": 60, "处理": 10, "编号": 36,
}  # fmt: skip

FILLS = {"S": "FF9C9C", "V": "FFC7A0", "Q": "FFEB9C", "M": "FFEB9C"}
"""The colour of a finding by its severity, in the list and on the cells."""

SEVERITIES = tuple(FILLS)
"""From the gravest on."""

SETTLED_FILL = "E2EFDA"

LINE_HEIGHT, MOST_LINES = 15, 8
"""How high a line of the list is, in points, and how many of them a row shows at most."""

LAST_NARROW = 0x2E7F
"""The last character before those of East Asia, which are twice as wide."""

HOW_TO = (
    "请在原工作簿中更正后重新报送，不要直接报送本副本：联系人、联系电话及模板以外的内容已隐去。",
    "着色的单元格有批注；点击“单元格”一栏可跳到该处。",
    "颜色：红 退回，橙 该行隔离，黄 须说明，绿 已有处理意见。",
)


def fill_of(severity: str, *, is_settled: bool) -> PatternFill:
    """Give the fill of a finding."""
    return PatternFill("solid", fgColor=SETTLED_FILL if is_settled else FILLS[severity])


def add_review_sheet(book: Workbook, letter: Letter, *, with_cells: bool) -> None:
    """Put the list of ``letter`` before the other sheets of ``book``; links only ``with_cells``."""
    sheet = book.create_sheet(REVIEW_SHEET, 0)
    book.active = 0
    for column, width in enumerate(COLUMNS.values(), start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    _write(sheet, 1, 1, REVIEW_SHEET).font = Font(bold=True, size=16)
    row = 2
    for name, text in letter.head:
        _write(sheet, row, 2, name).font = Font(bold=True)
        _write(sheet, row, 3, text)
        row += 1
    for text in HOW_TO if with_cells else HOW_TO[:1]:
        _write(sheet, row, 2, text)
        row += 1
    row += 1
    for column, name in enumerate(COLUMNS, start=1):
        cell = _write(sheet, row, column, name)
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="D9E1F2")
    sheet.freeze_panes = sheet.cell(row + 1, 1)
    wrapped = _wrapped(sheet, row + 1)
    for number, remark in enumerate(letter.remarks, start=1):
        _write_remark(sheet, row + number, number, remark, wrapped, with_cells=with_cells)
    if letter.omitted:
        text = f"另有 {letter.omitted} 处问题未列出 / {letter.omitted} more findings are not listed"
        _write(sheet, row + len(letter.remarks) + 1, 2, text).font = Font(bold=True)
    sheet.sheet_properties.tabColor = "C00000"
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0


def _wrapped(sheet: Any, row: int) -> Any:
    """Give the style of the list's cells: worked out once, as the library takes long over each."""
    cell = sheet.cell(row, 1)
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell._style


def _write_remark(  # noqa: PLR0913  a row of the list, and how it looks
    sheet: Any, row: int, number: int, remark: Remark, wrapped: Any, *, with_cells: bool
) -> None:
    texts = (
        str(number), remark.rule_id, remark.sheet or "（整个文件）", "、".join(remark.cells), remark.value,
        remark.message_zh, remark.expected, remark.article, remark.message_en,
        "已处理" if remark.is_settled else "待更正", remark.failure_id,
    )  # fmt: skip
    for column, text in enumerate(texts, start=1):
        _write(sheet, row, column, text)._style = copy(wrapped)
    lines = max(_lines(text, width) for text, width in zip(texts, COLUMNS.values(), strict=True))
    sheet.row_dimensions[row].height = LINE_HEIGHT * min(lines, MOST_LINES)
    sheet.cell(row, 2).fill = fill_of(remark.severity, is_settled=remark.is_settled)
    if with_cells and remark.sheet and remark.cells:
        link = sheet.cell(row, list(COLUMNS).index("单元格") + 1)
        title = remark.sheet.replace("'", "''")
        link.hyperlink = Hyperlink(ref=link.coordinate, location=f"'{title}'!{remark.cells[0]}")
        link.font = Font(color="0563C1", underline="single")


def _lines(text: str, width: int) -> int:
    """Give how many lines ``text`` takes in a column of ``width`` digits; a Chinese character takes two."""
    taken = sum(2 if ord(character) > LAST_NARROW else 1 for character in text)
    return 1 + taken // width


def _write(sheet: Any, row: int, column: int, text: str) -> Any:
    """Write ``text`` as text, whatever it begins with."""
    cell = sheet.cell(row, column)
    cell.value = as_spreadsheet_text(text)
    cell.data_type = "s"
    return cell
