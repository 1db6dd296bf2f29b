"""A sheet of a workbook that is not the contract's: every cell, in a child process that may not outstay."""

from io import BytesIO

import pytest
import xlsxwriter

from ingestion.child_limits import ChildLimits
from ingestion.reading.lake import RefusedError
from ingestion.reading.one_sheet import read_sheet


def workbook() -> bytes:
    target = BytesIO()
    with xlsxwriter.Workbook(target) as book:
        book.add_chartsheet("图")
        book.add_worksheet("表一").write_row(1, 1, ["甲", 12.0, 0.1])
        book.add_worksheet("表二").write(0, 0, True)
    return target.getvalue()


def test_the_cells_are_text_from_a1_on_and_a_chart_is_no_sheet() -> None:
    assert read_sheet(workbook(), None, 8, ChildLimits()) == [
        [None, None, None, None],
        [None, "甲", "12", "0.1"],
    ]
    assert read_sheet(workbook(), "表二", 8, ChildLimits()) == [["TRUE"]]


@pytest.mark.parametrize(
    ("body", "title", "max_cells", "limits", "case"),
    [
        pytest.param(b"", None, 8, ChildLimits(), "empty_file", id="nothing"),
        pytest.param(workbook(), "图", 8, ChildLimits(), "no_sheet", id="a chart"),
        pytest.param(workbook(), None, 7, ChildLimits(), "too_many_cells", id="more cells than allowed"),
        pytest.param(
            workbook(), None, 8, ChildLimits(timeout_seconds=0.001), "reader_timed_out", id="no time"
        ),
    ],
)
def test_what_cannot_be_read_is_refused(
    body: bytes, title: str, max_cells: int, limits: ChildLimits, case: str
) -> None:
    with pytest.raises(RefusedError) as refused:
        read_sheet(body, title, max_cells, limits)
    assert refused.value.refusal.case == case
