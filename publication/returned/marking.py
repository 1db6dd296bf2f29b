"""Marking the copy of a workbook: cells coloured and commented, the list in front. Runs in a child process.

Belongs here: what happens to the bytes that were sent, which nobody vouches for. Does not belong here: what
is said (``letter``), when and for whom (``release``).
"""

from collections import defaultdict
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.comments import Comment
from openpyxl.workbook import Workbook

from publication.returned.letter import Letter, Remark
from publication.returned.review_sheet import SEVERITIES, add_review_sheet, fill_of
from publication.returned.scrubbing import AUTHOR, scrub
from publication.wording import legible
from publication.workbook_limits import workbook_limit

COMMENT_WIDTH = 360
COMMENT_HEIGHT = 150


def mark_workbook(source: Path, target: Path, letter: Letter) -> str | None:
    """Write to ``target`` the copy of ``source`` that ``letter`` marks.

    Gives why, in the library's words, when these bytes can't be opened or written again; then ``target`` is
    not there.
    """
    # Formulas leave as the values that were stored with them, which are what was judged.
    try:
        with source.open("rb") as stream:  # the archive's names have no suffix, which the library asks for
            book = openpyxl.load_workbook(stream, data_only=True, keep_links=False)
    except Exception as error:  # noqa: BLE001  whatever the library raises on bytes that nobody vouches for
        return f"{type(error).__name__}: {error}"
    removed = [legible(title) for title in scrub(book)]
    without_comment = _mark_cells(book, letter)
    notes = []
    if removed:
        notes.append(("未附的工作表", f"{'、'.join(removed)}（模板以外，只留存档）"))
    if without_comment:
        notes.append(("批注", f"批注过多，另有 {without_comment} 个单元格只着色、不加批注。"))
    told = Letter((*letter.head, *notes), letter.remarks, letter.omitted)
    add_review_sheet(book, told, with_cells=True)
    try:
        book.save(target)
    except Exception as error:  # noqa: BLE001  styles and values that were read, but can't be written
        target.unlink(missing_ok=True)
        return f"{type(error).__name__}: {error}"
    return None


def write_list(target: Path, letter: Letter) -> None:
    """Write to ``target`` the list of ``letter`` alone."""
    book = Workbook()
    book.remove(book.active)
    add_review_sheet(book, letter, with_cells=False)
    book.properties.creator = AUTHOR
    book.save(target)


def _mark_cells(book: Workbook, letter: Letter) -> int:
    """Colour and comment the cells; give how many are coloured only, since there are too many."""
    by_cell: dict[tuple[str, str], list[Remark]] = defaultdict(list)
    for remark in letter.remarks:
        for cell in remark.cells:
            by_cell[remark.sheet or "", cell].append(remark)
    most = workbook_limit("max_comments")
    for number, ((title, address), remarks) in enumerate(by_cell.items()):
        sheet = book[title]
        cell = _anchor(sheet, address)
        gravest = min(remarks, key=lambda remark: (remark.is_settled, SEVERITIES.index(remark.severity)))
        cell.fill = fill_of(gravest.severity, is_settled=gravest.is_settled)
        if number < most:
            cell.comment = Comment(_comment(remarks), AUTHOR, height=COMMENT_HEIGHT, width=COMMENT_WIDTH)
    return max(0, len(by_cell) - most)


def _anchor(sheet: Any, address: str) -> Any:
    """Give the cell at ``address``; of a merged one its first, which is the one that is shown."""
    for merged in sheet.merged_cells.ranges:
        if address in merged:
            return sheet.cell(merged.min_row, merged.min_col)
    return sheet[address]


def _comment(remarks: list[Remark]) -> str:
    """Give what the comment says: every finding on the cell, one below the other."""
    text = "\n\n".join(
        "\n".join(
            part
            for part in (
                f"【{remark.rule_id}】{remark.message_zh}",
                f"应为：{remark.expected}" if remark.expected else "",
                f"依据：{remark.article}" if remark.article else "",
                "已有处理意见，无须更正。" if remark.is_settled else "",
            )
            if part
        )
        for remark in remarks
    )
    longest = workbook_limit("max_comment_characters")
    return text if len(text) <= longest else text[:longest] + "……（见“审核意见”）"
