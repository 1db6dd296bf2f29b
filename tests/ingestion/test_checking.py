"""A workbook checked away from the night gets the verdict that the night gives it."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from ingestion.checking import check_workbooks
from ingestion.child_limits import ChildLimits
from ingestion.errors import InboxUnavailableError
from ingestion.judging.night import judge_night
from ingestion.progress import SilentProgress
from ingestion.reading.new_files import read_new_files
from ingestion.receive import receive
from ingestion.sample import SAMPLE_INBOX

RECEIVED = datetime(2026, 6, 1, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
LIMITS = ChildLimits(workers=2)

CHECKED = (
    "340000/HZ34010001_2024_annual_report_bad_rows.xlsx",
    "660000/HZ65900101_2020_annual_report_titles.xlsx",
    "110000/HZ11010101_empty.xlsx",
    "140000/HZ14010001_2025_annual_report.xlsx",
)


def test_it_finds_what_the_night_finds_and_rejects_what_the_night_rejects(tmp_path: Path) -> None:
    files = [SAMPLE_INBOX / "submissions" / path for path in CHECKED]
    (tmp_path / "check").mkdir()
    checked = check_workbooks(
        files,
        tmp_path / "check",
        received_at=RECEIVED,
        parameters={},
        limits=LIMITS,
        progress=SilentProgress(),
    )
    inbox, home = tmp_path / "inbox", tmp_path / "home"
    home.mkdir()
    (inbox / "submissions").mkdir(parents=True)
    for file in files:
        (inbox / "submissions" / file.name).write_bytes(file.read_bytes())
    reception = receive(str(inbox), home, SilentProgress())
    read_new_files(
        reception, home, workers=2, memory_limit_bytes=LIMITS.memory_limit_bytes, timeout_seconds=60,
        progress=SilentProgress(),
    )  # fmt: skip
    night = judge_night(reception, home, as_of=RECEIVED, parameters={}, progress=SilentProgress())
    for workbook in checked.workbooks:
        own = night.judged_folder / workbook.submission_id
        assert workbook.findings is not None
        assert workbook.findings.equals(pl.read_parquet(own / "findings.parquet"))
        assert workbook.is_rejected == pl.read_parquet(own / "cover.parquet")["is_rejected"].item()
    assert [workbook.is_rejected for workbook in checked.workbooks] == [True, True, True, False]


def test_identical_files_share_one_verdict_and_one_that_no_inbox_takes_has_none(tmp_path: Path) -> None:
    content = (SAMPLE_INBOX / "submissions" / CHECKED[3]).read_bytes()
    files = [tmp_path / name for name in ("一.xlsx", "二.xlsx", "~$一.xlsx", "一.xls")]
    for file in files:
        file.write_bytes(content)
    (tmp_path / "check").mkdir()
    checked = check_workbooks(
        files,
        tmp_path / "check",
        received_at=RECEIVED,
        parameters={},
        limits=LIMITS,
        progress=SilentProgress(),
    )
    one, other, lock, old = checked.workbooks
    assert one.submission_id == other.submission_id
    assert (one.is_rejected, other.is_rejected) == (False, False)
    assert lock.passed_over is not None
    assert "lock file" in lock.passed_over["en"]
    assert old.passed_over is not None
    assert old.findings is None


def test_ledgers_come_along_but_for_the_receipts(tmp_path: Path) -> None:
    (tmp_path / "check").mkdir()
    night = check_workbooks(
        [SAMPLE_INBOX / "submissions" / CHECKED[3]], tmp_path / "check", received_at=RECEIVED, parameters={},
        limits=LIMITS, progress=SilentProgress(), ledgers_of=str(SAMPLE_INBOX),
    )  # fmt: skip
    kinds = night.reception.files.filter(kind="ledger")["ledger"]
    assert {"designations", "provincial_statistics"} <= set(kinds)
    assert "receipts" not in set(kinds)
    (received,) = pl.read_parquet(night.summary.night_folder / "submissions.parquet")["received_at"]
    assert received == RECEIVED.replace(tzinfo=None)


def test_an_inbox_that_is_not_there_is_told(tmp_path: Path) -> None:
    (tmp_path / "check").mkdir()
    with pytest.raises(InboxUnavailableError, match="can't be read"):
        check_workbooks(
            [], tmp_path / "check", received_at=RECEIVED, parameters={}, limits=LIMITS,
            progress=SilentProgress(), ledgers_of=str(tmp_path / "nowhere"),
        )  # fmt: skip
