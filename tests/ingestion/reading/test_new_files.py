"""What is new is read once, in children whose death is a refusal of one file and nothing more."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from ingestion.progress import SilentProgress
from ingestion.reading.lake import READER_VERSION, readings_folder
from ingestion.reading.new_files import ReadingSummary, read_new_files
from ingestion.receive import Reception, receive

HEADER = '<row r="1"><c r="A1" t="inlineStr"><is><t>年度</t></is></c></row>'
FAR_CELL = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'

Night = Callable[..., tuple[Reception, ReadingSummary]]


class Listener(SilentProgress):
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.notes: list[str] = []

    def note(self, text: str) -> None:
        """Keep the line."""
        self.notes.append(text)


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    (folder / "submissions").mkdir(parents=True)
    (folder / "ledgers").mkdir()
    return folder


@pytest.fixture
def night(tmp_path: Path, inbox: Path) -> Night:
    """Receive and read the inbox."""

    def read_inbox(
        *,
        memory_limit_bytes: int = 1 << 30,
        timeout_seconds: float = 60,
        progress: SilentProgress | None = None,
    ) -> tuple[Reception, ReadingSummary]:
        reception = receive(str(inbox), tmp_path / "home", SilentProgress())
        summary = read_new_files(
            reception,
            tmp_path / "home",
            workers=2,
            memory_limit_bytes=memory_limit_bytes,
            timeout_seconds=timeout_seconds,
            progress=progress or SilentProgress(),
        )
        return reception, summary

    return read_inbox


def test_a_night_reads_what_is_new_and_the_next_one_nothing(night, inbox, workbook_of, read_at) -> None:
    (inbox / "submissions" / "a.xlsx").write_bytes(workbook_of({"企业名录": [["年度"], [2025]]}))
    (inbox / "ledgers" / "honours.csv").write_bytes("企业\n甲\n".encode("gb18030"))
    reception, summary = night()
    assert summary == ReadingSummary(read=2, refused=0)
    assert read_at(reception, "submissions/a.xlsx").table("roster").rows() == [(2, "2025")]
    assert read_at(reception, "ledgers/honours.csv").table().rows() == [(2, "甲", False)]
    assert night()[1] == ReadingSummary(read=0, refused=0)


def test_identical_bytes_are_read_once(night, inbox) -> None:
    for name in ("honours.csv", "incidents.csv"):
        (inbox / "ledgers" / name).write_bytes(b"a\n1\n")
    assert night()[1] == ReadingSummary(read=1, refused=0)


def test_the_same_bytes_as_workbook_and_as_ledger_are_read_as_both(night, inbox, read_at) -> None:
    for path in ("submissions/a.xlsx", "ledgers/honours.csv"):
        (inbox / path).write_bytes(b"zone_id\n1\n")
    reception, summary = night()
    assert summary == ReadingSummary(read=2, refused=1)
    assert read_at(reception, "submissions/a.xlsx").case == "not_a_zip"
    assert read_at(reception, "ledgers/honours.csv").table().rows() == [(2, "1", False)]


def test_an_inbox_without_files_has_nothing_to_read(night) -> None:
    assert night()[1] == ReadingSummary(read=0, refused=0)


def test_a_workbook_that_kills_its_reader_is_refused_and_the_others_are_read(
    night, inbox, raw, workbook_of, read_at
) -> None:
    lying = raw(HEADER + FAR_CELL, dimension="A1:B2")
    (inbox / "submissions" / "lying.xlsx").write_bytes(lying)
    for year in range(2020, 2026):
        content = workbook_of({"企业名录": [["年度"], [year]]})
        (inbox / "submissions" / f"{year}.xlsx").write_bytes(content)
    listener = Listener()
    reception, summary = night(progress=listener)
    assert summary == ReadingSummary(read=7, refused=1)
    assert read_at(reception, "submissions/lying.xlsx").refusal == {
        "case": "reader_died",
        "value": None,
        "limit": str(1 << 30),
        "detail": None,
    }
    assert listener.notes == ["submissions/lying.xlsx: can't be read (reader_died)"]
    assert read_at(reception, "submissions/2025.xlsx").table("roster").rows() == [(2, "2025")]


def test_a_workbook_that_needs_more_memory_than_it_may_have_is_refused(night, inbox, raw, read_at) -> None:
    corner = '<row r="1048576"><c r="IV1048576"><v>1</v></c></row>'
    (inbox / "submissions" / "wide.xlsx").write_bytes(raw(HEADER + corner))
    reception, summary = night()
    assert summary.refused == 1
    assert read_at(reception, "submissions/wide.xlsx").case == "reader_died"


def test_a_workbook_that_takes_too_long_is_refused(night, inbox, raw, read_at) -> None:
    blank = "".join(f'<row r="{row}"><c r="A{row}" s="0"/></row>' for row in range(2, 300_000))
    (inbox / "submissions" / "slow.xlsx").write_bytes(raw(HEADER + blank))
    reception, _ = night(timeout_seconds=0.01)
    assert read_at(reception, "submissions/slow.xlsx").refusal == {
        "case": "reader_timed_out",
        "value": None,
        "limit": "0.01",
        "detail": None,
    }


@pytest.mark.slow
def test_a_million_blank_rows_are_read_in_moments(night, inbox, raw, read_at) -> None:
    blank = "".join(f'<row r="{row}"><c r="A{row}" s="0"/></row>' for row in range(2, 1_000_001))
    (inbox / "submissions" / "blank.xlsx").write_bytes(
        raw(
            HEADER + blank + '<row r="1000001"><c r="A1000001"><v>2025</v></c></row>', dimension="A1:A1000001"
        )
    )
    begun = time.monotonic()
    reception, _ = night()
    assert time.monotonic() - begun < 30
    assert read_at(reception, "submissions/blank.xlsx").table("roster").rows() == [(1_000_001, "2025")]


def test_a_defect_in_a_child_stops_the_night(night, inbox, workbook_of, tmp_path) -> None:
    (inbox / "submissions" / "a.xlsx").write_bytes(workbook_of({"企业名录": [["年度"]]}))
    readings_folder(tmp_path / "home").parent.mkdir(parents=True)
    readings_folder(tmp_path / "home").write_text("a file where the folder of readings should be")
    with pytest.raises(NotADirectoryError):
        night()


def test_what_a_killed_night_left_half_is_made_anew(night, inbox, tmp_path, read_at) -> None:
    (inbox / "ledgers" / "honours.csv").write_bytes(b"a\n1\n")
    half = readings_folder(tmp_path / "home") / ".unfinished" / "night" / "half"
    half.mkdir(parents=True)
    (half / "1.parquet").write_bytes(b"half")
    reception, _ = night()
    assert not half.exists()
    assert read_at(reception, "ledgers/honours.csv").table().rows() == [(2, "1", False)]


def test_a_night_killed_while_it_reads_leaves_whole_folders_or_none(
    night, inbox, workbook_of, tmp_path, read_at
) -> None:
    for number in range(12):
        rows = [["年度", "企业名称"], *([2025, f"企业{number}-{row}"] for row in range(300))]
        (inbox / "submissions" / f"{number}.xlsx").write_bytes(workbook_of({"企业名录": rows}))
    home = tmp_path / "home"
    script = tmp_path / "night.py"
    script.write_text(
        "import sys\nfrom pathlib import Path\n"
        "from ingestion.progress import SilentProgress\n"
        "from ingestion.reading.new_files import read_new_files\n"
        "from ingestion.receive import receive\n"
        "if __name__ == '__main__':\n"
        "    inbox, home, quiet = sys.argv[1], Path(sys.argv[2]), SilentProgress()\n"
        "    read_new_files(receive(inbox, home, quiet), home, workers=2, memory_limit_bytes=1 << 30,\n"
        "                   timeout_seconds=60, progress=quiet)\n"
    )
    killed = subprocess.Popen(  # noqa: S603  our own script
        [sys.executable, script, inbox, home], env=os.environ | {"PYTHONPATH": str(Path.cwd())}
    )
    finished = readings_folder(home)
    deadline = time.monotonic() + 60
    while not any(finished.glob("[0-9a-f]*")) and time.monotonic() < deadline:
        time.sleep(0.005)
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    for folder in finished.glob("[0-9a-f]*"):
        assert {path.name for path in folder.iterdir()} == {"reading.json", "1.parquet"}
    reception, summary = night()
    assert summary.refused == 0
    for number in range(12):
        assert read_at(reception, f"submissions/{number}.xlsx").table("roster").height == 300


def test_readings_of_another_version_of_the_reader_are_left_alone(night, inbox, tmp_path) -> None:
    (inbox / "ledgers" / "honours.csv").write_bytes(b"a\n1\n")
    night()
    folder = readings_folder(tmp_path / "home")
    assert folder.name == READER_VERSION
    shutil.move(folder, folder.with_name("another"))
    assert night()[1].read == 1
    assert folder.with_name("another").exists()
