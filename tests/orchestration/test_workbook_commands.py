"""The desk's commands from the outside: what they print, write and leave with."""

import csv
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from typer.testing import CliRunner, Result

from orchestration.command_line import app
from orchestration.errors import CoopzonesError
from orchestration.settings import BUNDLED_SAMPLE

COOPZONES = Path(sys.executable).parent / "coopzones"

Run = Callable[..., Result]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Run a command in a home of the test's own."""
    monkeypatch.setenv("COOPZONES_HOME", str(tmp_path / "home"))
    return lambda *words: CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture
def report() -> Path:
    """Give an annual report of the sample that is accepted without a finding."""
    return BUNDLED_SAMPLE / "submissions" / "140000" / "HZ14010001_2025_annual_report.xlsx"


@pytest.fixture
def spoilt(report: Path, tmp_path: Path) -> Path:
    """Give the report without the zone's name and with a negative revenue."""
    book = openpyxl.load_workbook(report)
    book["填报信息"]["B3"] = None
    book["企业名录"]["H2"] = -1
    book.save(tmp_path / "spoilt.xlsx")
    return tmp_path / "spoilt.xlsx"


def test_a_workbook_that_would_be_accepted_leaves_with_0(run: Run, report: Path) -> None:
    result = run("check", report)
    assert (result.exit_code, result.exception) == (0, None)
    assert "✓ 可以受理" in result.stdout
    assert "would" not in result.stdout


def test_a_workbook_that_would_be_returned_leaves_with_1_and_names_cell_fault_remedy_and_article(
    run: Run, spoilt: Path
) -> None:
    result = run("check", spoilt)
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert lines[0] == "spoilt.xlsx    ✗ 将被退回"
    assert lines[1] == "  S04  填报信息!B3  必填项“合作区名称”未填写。"
    assert lines[2] == "       应为：已填写    依据：《办法》第八条"
    assert any(line.startswith("  V04  企业名录!H2  ") for line in lines)


def test_english_and_both(run: Run, spoilt: Path) -> None:
    english = run("check", spoilt, "--english").stdout
    assert "would be returned" in english
    assert "would pass: filled    see: Article 8" in english
    assert "应为" not in english
    both = run("check", spoilt, "--both").stdout
    assert "应为：已填写" in both
    assert "would pass: filled" in both


def test_of_several_files_one_that_would_be_returned_is_enough(run: Run, report: Path, spoilt: Path) -> None:
    result = run("check", report, spoilt)
    assert result.exit_code == 1
    assert "可以受理" in result.stdout
    assert "将被退回" in result.stdout


def test_a_file_that_is_not_there_leaves_with_2(tmp_path: Path) -> None:
    words = [COOPZONES, "check", tmp_path / "none.xlsx"]
    done = subprocess.run(words, capture_output=True, text=True, check=False)  # noqa: S603 (our own arguments)
    assert done.returncode == 2
    assert "没有这样的文件" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_file_that_no_inbox_takes_would_be_returned(run: Run, report: Path, tmp_path: Path) -> None:
    other = tmp_path / "report.xls"
    other.write_bytes(report.read_bytes())
    result = run("check", other)
    assert result.exit_code == 1
    assert "收件箱不会接收" in result.stdout


@pytest.mark.parametrize(("received", "exit_code"), [("2026-01-01", 0), ("2025-12-31", 1)])
def test_the_report_year_is_judged_by_the_day_of_receipt(
    run: Run, report: Path, received: str, exit_code: int
) -> None:
    result = run("check", report, "--received", received)
    assert result.exit_code == exit_code
    assert ("S06" in result.stdout) == (exit_code == 1)


def test_the_rules_that_were_not_asked_are_named(run: Run, report: Path) -> None:
    last = run("check", report).stdout.splitlines()[-1]
    assert all(rule in last for rule in ("Q01", "Q17", "M05"))
    assert "S01" not in last


def test_the_marked_copy_is_written_and_never_over_another_file(
    run: Run, spoilt: Path, tmp_path: Path
) -> None:
    target = tmp_path / "marked.xlsx"
    run("check", spoilt, "--output", target)
    assert openpyxl.load_workbook(target)["填报信息"]["B3"].comment.author == "审核"
    again = run("check", spoilt, "--output", target)
    assert isinstance(again.exception, CoopzonesError)
    assert "Already there" in str(again.exception)
    assert run("check", spoilt, "--output", target, "--force").exit_code == 1


@pytest.mark.parametrize("link", [None, "symlink_to", "hardlink_to"])
def test_the_marked_copy_never_goes_over_the_workbook_that_is_checked(
    run: Run, spoilt: Path, tmp_path: Path, link: str | None
) -> None:
    target, sent = tmp_path / "linked.xlsx", spoilt.read_bytes()
    if link is None:
        target = tmp_path / "." / spoilt.name
    else:
        getattr(target, link)(spoilt)
    told = run("check", spoilt, "--output", target, "--force").exception
    assert isinstance(told, CoopzonesError)
    assert told.exit_code == 2
    assert "就是被检查的工作簿" in str(told)
    assert "is the workbook" in str(told)
    assert spoilt.read_bytes() == sent


def test_a_place_that_cannot_be_written_is_told_at_once(run: Run, spoilt: Path) -> None:
    told = run("check", spoilt, "--output", spoilt / "below a file.xlsx")
    assert "cannot be written" in str(told.exception)
    assert told.stdout == ""


def test_nothing_is_written_of_a_file_that_no_inbox_takes(run: Run, report: Path, tmp_path: Path) -> None:
    (tmp_path / "report.xls").write_bytes(report.read_bytes())
    assert run("check", tmp_path / "report.xls", "--output", tmp_path / "out.xlsx").exit_code == 1
    assert not (tmp_path / "out.xlsx").exists()


def test_nothing_is_left_in_the_home_by_a_check(run: Run, report: Path, tmp_path: Path) -> None:
    run("check", report)
    assert not (tmp_path / "home").exists()


@pytest.mark.slow
def test_all_rules_are_asked_of_one_workbook_when_that_is_wanted(
    run: Run, report: Path, tmp_path: Path
) -> None:
    book = openpyxl.load_workbook(report)
    book["企业名录"]["J2"] = 10**9
    book.create_sheet("备注")
    book.save(tmp_path / "asked.xlsx")
    result = run("check", tmp_path / "asked.xlsx", "--all")
    assert result.exit_code == 0
    assert "  Q01  企业名录!J2  " in result.stdout
    assert "  Q17  备注  " in result.stdout
    assert "没有台账可比" in result.stdout


def test_a_template_is_written_with_its_guide_and_never_over_another_file(run: Run, tmp_path: Path) -> None:
    result = run("template", tmp_path / "new" / "blank.xlsx", "--type", "annual_report", "--year", 2025)
    assert result.exit_code == 0
    cover = openpyxl.load_workbook(tmp_path / "new" / "blank.xlsx")["填报信息"]
    assert (cover["B1"].value, cover["B6"].value) == ("年度报告", 2025)
    assert (tmp_path / "new" / "blank_填报说明.xlsx").exists()
    assert "Already there" in str(run("template", tmp_path / "new" / "blank.xlsx").exception)
    assert "must end in .xlsx" in str(run("template", tmp_path / "blank.csv").exception)


@pytest.fixture
def completed(tmp_path: Path) -> Callable[..., Path]:
    """Give a completed answer sheet with one answer."""

    def write(**cells: Any) -> Path:
        answer = {
            "failure_id": "a" * 32, "disposition": "confirmed_correct", "officer": "王某", "approver": None,
            "reason": "已核对", "expires_on": None, "recorded_at": None,
        } | cells  # fmt: skip
        book = openpyxl.Workbook()
        book.active.title = "处理意见"
        book.active.append([f"栏 {field}" for field in answer])
        book.active.append(list(answer.values()))
        book.save(tmp_path / "answers.xlsx")
        return tmp_path / "answers.xlsx"

    return write


def test_a_completed_answer_sheet_becomes_a_file_of_the_inboxs_ledger(
    run: Run, completed: Callable[..., Path], empty_inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COOPZONES_INBOX", str(empty_inbox))
    assert run("answers", completed()).exit_code == 0
    (file,) = (empty_inbox / "ledgers" / "dispositions").iterdir()
    (row,) = csv.DictReader(file.read_text(encoding="utf-8-sig").splitlines())
    assert (row["failure_id"], row["disposition"]) == ("a" * 32, "confirmed_correct")


@pytest.fixture
def dispositions(empty_inbox: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the folder of the dispositions in an inbox that commands write to."""
    monkeypatch.setenv("COOPZONES_INBOX", str(empty_inbox))
    return empty_inbox / "ledgers" / "dispositions"


@pytest.mark.parametrize(("change", "files"), [({}, 1), ({"reason": "再次核对"}, 2)])
def test_a_sheet_whose_answers_all_stand_unchanged_is_not_registered_again(
    run: Run, completed: Callable[..., Path], dispositions: Path, change: dict[str, str], files: int
) -> None:
    run("answers", completed())
    (first,) = dispositions.iterdir()
    first.rename(dispositions / "20260101T000000_answers.csv")
    again = run("answers", completed(**change))
    assert again.exit_code == 0
    assert len(list(dispositions.iterdir())) == files
    assert ("stand already, unchanged" in again.stdout) == (files == 1)
    assert ("均已登记且未改动" in again.stdout) == (files == 1)


def test_answers_never_go_over_the_answer_sheet_itself(run: Run, completed: Callable[..., Path]) -> None:
    sheet = completed()
    sent = sheet.read_bytes()
    told = run("answers", sheet, "--output", sheet, "--force").exception
    assert "is the workbook" in str(told)
    assert sheet.read_bytes() == sent


def test_an_answer_that_the_ledger_would_not_take_is_told_and_nothing_is_written(
    run: Run, completed: Callable[..., Path], tmp_path: Path
) -> None:
    result = run(
        "answers", completed(disposition="waived", approver="王某"), "--output", tmp_path / "out.csv"
    )
    assert result.exit_code == 1
    assert "D2  豁免（waived）的批准人不得与承办人（王某）为同一人。" in result.stdout
    assert not (tmp_path / "out.csv").exists()


def test_answers_never_go_into_the_bundled_sample(run: Run, completed: Callable[..., Path]) -> None:
    assert "name the CSV file with --output" in str(run("answers", completed()).exception)
