"""What leaves as a workbook is opened by a real office program and says there what it says here.

Needs Debian's ``libreoffice-calc`` (``apt-get install libreoffice-calc``); without it these tests fail and
say so. A damaged workbook is not loaded by a program that nobody can ask whether to repair it.
"""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

pytestmark = [pytest.mark.slow, pytest.mark.office]

SECONDS = 180

Opened = Callable[[Path], Any]


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Opened:
    """Give what LibreOffice makes of a workbook when it opens it and saves it again, as openpyxl has it."""
    office = shutil.which("soffice")
    if office is None:
        pytest.fail(
            "这些测试需要 Debian 软件包 libreoffice-calc：apt-get install libreoffice-calc。 / "
            "These tests need Debian's package libreoffice-calc: apt-get install libreoffice-calc"
        )
    profile = tmp_path_factory.mktemp("profile")

    def save_again(workbook: Path) -> Any:
        folder = tmp_path_factory.mktemp("saved")
        done = subprocess.run(  # noqa: S603 (our own arguments)
            [
                office, f"-env:UserInstallation=file://{profile}", "--headless", "--norestore",
                "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(folder), str(workbook),
            ],
            capture_output=True, text=True, check=False, timeout=SECONDS,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert (folder / workbook.name).exists(), done.stdout + done.stderr
        return openpyxl.load_workbook(folder / workbook.name)

    return save_again


@pytest.fixture(scope="module")
def release(
    fill: Callable[..., Path],
    roster: Callable[..., Any],
    judge_in: Callable[..., Any],
    desk_files_in: Callable[..., Path],
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """Give the desk's files of a night with one report that has a fault in a cell."""
    folder = tmp_path_factory.mktemp("office")

    def spoil(book: Any) -> None:
        book["企业名录"]["B4"] = "=1+1"
        book["企业名录"]["B4"].data_type = "s"

    sent = fill(folder / "sent.xlsx", roster=roster({1: {"enterprise_name": None}}), spoil=spoil)
    night, _ = judge_in(folder, {"报告": sent})
    return desk_files_in(folder, night)


def test_a_returned_workbook_opens_with_its_comments_links_and_values(release: Path, opened: Opened) -> None:
    book = opened(release / "returned" / "000000" / "HZ44030009_annual_report_2025_v1.xlsx")
    assert book["企业名录"]["C3"].comment.text.startswith("【V03】必填项“企业名称”未填写。")
    assert book["企业名录"]["C2"].value == "测试企业1"
    links = [
        cell.hyperlink.location for row in book["审核意见"].iter_rows() for cell in row if cell.hyperlink
    ]
    assert any("企业名录" in link and "C3" in link for link in links)


def test_an_answer_sheet_opens_with_its_lists(release: Path, opened: Opened) -> None:
    sheet = opened(release / "answers" / "000000.xlsx")["处理意见"]
    assert {each.type for each in sheet.data_validations.dataValidation} >= {"list"}
    assert sheet["B1"].value == "处理意见 disposition"


def test_an_export_opens_and_nothing_in_it_is_a_formula(release: Path, opened: Opened) -> None:
    book = opened(release / "exports" / "000000" / "marts.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    # The program takes the apostrophe for what it is: the mark of a text.
    assert {"'=1+1", "=1+1"} & {cell.value for cell in cells}
    # It keeps a yes or no as a formula of its own, and nothing else.
    assert {cell.value for cell in cells if cell.data_type == "f"} <= {"=TRUE()", "=FALSE()"}


def test_a_template_opens_with_validations_notes_and_protection(blank_template: Path, opened: Opened) -> None:
    sheet = opened(blank_template)["企业名录"]
    assert sheet.protection.sheet
    assert sheet["B1"].comment.text.startswith("统一社会信用代码（必填）")
    kinds = {each.type for each in sheet.data_validations.dataValidation}
    assert kinds >= {"list", "decimal", "textLength", "whole"}
