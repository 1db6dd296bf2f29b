"""Receiving: which files an inbox holds, each archived once, with the times of its first night."""

import errno
import hashlib
import os
import shutil
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

import fsspec
import polars as pl
import pytest
from fsspec.implementations.memory import MemoryFileSystem

from ingestion.archive import Archive, archive_path
from ingestion.errors import HomeNotWritableError, InboxUnavailableError
from ingestion.progress import SilentProgress
from ingestion.receive import FILES_SCHEMA, Reception, receive

MARCH = datetime(2026, 3, 31, 23, 59, 59).astimezone().timestamp()
SHANGHAI_NOON_UTC = 1_774_929_600
"""2026-03-31 12:00:00 in Shanghai, as a Unix time."""


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def put(inbox: Path) -> Callable[..., Path]:
    """Put bytes at a path of the inbox, with a modification time."""

    def write(path: str, content: bytes = b"x", modified: float = MARCH) -> Path:
        file = inbox / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        os.utime(file, (modified, modified))
        return file

    return write


def night(inbox: Path | str, home: Path) -> Reception:
    return receive(str(inbox), home, SilentProgress())


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def test_submissions_and_ledgers_are_told_from_the_rest(put, inbox, home) -> None:
    taken = {
        "ledgers/honours.csv": ("ledger", "honours", "ledgers/honours.csv"),
        "ledgers/incidents/2025/late.csv": None,
        "ledgers/incidents/b.CSV": ("ledger", "incidents", "ledgers/incidents/b.CSV"),
        "ledgers/unknown.csv": None,
        "ledgers/honours.xlsx": None,
        "statistics/nbs.csv": ("ledger", "provincial_statistics", "statistics/nbs.csv"),
        "statistics/old/nbs.csv": None,
        "submissions/a.xlsx": ("submission", None, "a.xlsx"),
        "submissions/广东/2025/b.XLSX": ("submission", None, "广东/2025/b.XLSX"),
        "submissions/c.xls": None,
        "submissions/~$a.xlsx": None,
        "submissions/.d.xlsx": None,
        "submissions/.trash/e.xlsx": None,
        "readme.txt": None,
    }
    for path in taken:
        put(path)
    reception = night(inbox, home)
    found = {
        row[0]: row[1:] for row in reception.files.select("path", "kind", "ledger", "file_name").iter_rows()
    }
    assert found == {path: described for path, described in taken.items() if described}
    assert set(reception.ignored["path"]) == {path for path, described in taken.items() if described is None}
    assert reception.ignored.null_count().row(0) == (0, 0, 0)


def test_what_is_passed_over_is_said(put, inbox, home) -> None:
    notes: list[str] = []

    class Listener(SilentProgress):
        def note(self, text: str) -> None:
            notes.append(text)

    put("ledgers/honuors.csv")
    receive(str(inbox), home, Listener())
    assert notes == ["ledgers/honuors.csv: 没有名为 honuors 的台账 / no ledger is called honuors"]


def test_files_are_sorted_by_path_and_typed(put, inbox, home) -> None:
    for path in ("submissions/b.xlsx", "ledgers/honours/a.csv", "ledgers/honours.csv", "submissions/B.xlsx"):
        put(path)
    files = night(inbox, home).files
    assert files["path"].to_list() == [
        "ledgers/honours.csv",
        "ledgers/honours/a.csv",
        "submissions/B.xlsx",
        "submissions/b.xlsx",
    ]
    assert files.schema == FILES_SCHEMA


def test_every_file_is_in_the_archive_under_its_sha256(put, inbox, home) -> None:
    put("submissions/a.xlsx", b"abc")
    (row,) = night(inbox, home).files.iter_rows(named=True)
    assert row["sha256"] == sha256(b"abc")
    assert row["size_bytes"] == 3
    kept = home / "archive" / "sha256" / row["sha256"][:2] / row["sha256"]
    assert kept.read_bytes() == b"abc"
    assert sorted(path.name for path in (home / "archive").iterdir()) == ["arrivals.parquet", "sha256"]


def test_times_are_the_wall_clock_of_shanghai(put, inbox, home) -> None:
    put("submissions/a.xlsx", modified=SHANGHAI_NOON_UTC)
    assert night(inbox, home).files["modified_at"].to_list() == [datetime.fromisoformat("2026-03-31T12:00")]


def test_identical_bytes_at_two_paths_are_archived_once_and_listed_twice(put, inbox, home) -> None:
    put("submissions/a.xlsx", b"same")
    put("submissions/b.xlsx", b"same")
    reception = night(inbox, home)
    assert reception.files.height == 2
    assert reception.files["sha256"].n_unique() == 1
    assert len([path for path in (home / "archive" / "sha256").rglob("*") if path.is_file()]) == 1
    assert (reception.new_files, reception.new_bytes) == (2, 8)


def test_a_second_night_has_nothing_new_and_the_same_files(put, inbox, home) -> None:
    put("submissions/a.xlsx")
    first, second = night(inbox, home), night(inbox, home)
    assert (first.new_files, first.new_bytes) == (1, 1)
    assert (second.new_files, second.new_bytes) == (0, 0)
    assert second.files.equals(first.files)


def test_a_touched_file_keeps_the_time_of_the_first_night_that_saw_it(put, inbox, home) -> None:
    put("submissions/a.xlsx")
    first = night(inbox, home)
    put("submissions/a.xlsx", modified=MARCH + 86_400)
    second = night(inbox, home)
    assert second.files.equals(first.files)
    assert second.new_files == 0


def test_other_bytes_at_a_path_have_a_time_of_their_own_and_the_old_ones_keep_theirs(
    put, inbox, home
) -> None:
    put("submissions/a.xlsx", b"one")
    first = night(inbox, home)
    put("submissions/a.xlsx", b"two", modified=MARCH + 60)
    second = night(inbox, home)
    assert second.new_files == 1
    assert second.files["sha256"].to_list() == [sha256(b"two")]
    assert second.files["modified_at"][0] > first.files["modified_at"][0]
    put("submissions/a.xlsx", b"one", modified=MARCH + 120)
    third = night(inbox, home)
    assert third.files.equals(first.files)
    assert third.new_files == 0


def test_a_file_that_has_vanished_is_no_longer_listed_but_stays_in_the_archive(put, inbox, home) -> None:
    put("submissions/a.xlsx", b"abc")
    file = put("submissions/b.xlsx", b"gone")
    night(inbox, home)
    file.unlink()
    assert night(inbox, home).files["path"].to_list() == ["submissions/a.xlsx"]
    assert archive_path(home, sha256(b"gone")).read_bytes() == b"gone"
    assert set(Archive(home).read_arrivals()["path"]) == {"submissions/a.xlsx", "submissions/b.xlsx"}


def test_bytes_that_were_lost_from_the_archive_are_fetched_again(put, inbox, home) -> None:
    put("submissions/a.xlsx", b"abc")
    first = night(inbox, home)
    shutil.rmtree(home / "archive" / "sha256")
    assert night(inbox, home).files.equals(first.files)
    assert archive_path(home, sha256(b"abc")).read_bytes() == b"abc"


def test_what_a_killed_night_left_in_the_archive_is_cleared_away(put, inbox, home) -> None:
    put("submissions/a.xlsx")
    night(inbox, home)
    half = home / "archive" / "0123456789abcdef.unfinished"
    half.write_bytes(b"half")
    night(inbox, home)
    assert not half.exists()


def test_a_name_that_is_no_utf8_is_read_as_gb18030(inbox, home) -> None:
    (inbox / "submissions").mkdir()
    name = os.fsdecode("年度报告.xlsx".encode("gb18030"))
    (inbox / "submissions" / name).write_bytes(b"x")
    files = night(inbox, home).files
    assert files["path"].to_list() == ["submissions/年度报告.xlsx"]
    assert night(inbox, home).files.equals(files)


def test_an_empty_inbox_holds_no_files(inbox, home) -> None:
    reception = night(inbox, home)
    assert reception.files.equals(pl.DataFrame(schema=FILES_SCHEMA))
    assert (reception.new_files, reception.new_bytes, reception.ignored.height) == (0, 0, 0)


@pytest.mark.parametrize("name", ["missing", "a file"])
def test_an_inbox_that_is_no_folder_is_named_in_both_languages(tmp_path, home, name: str) -> None:
    (tmp_path / "a file").write_bytes(b"x")
    with pytest.raises(InboxUnavailableError) as raised:
        night(tmp_path / name, home)
    assert "收件目录" in raised.value.zh
    assert str(tmp_path / name) in raised.value.en
    assert "COOPZONES_INBOX" in str(raised.value)
    assert not home.exists()


def test_an_inbox_of_a_protocol_that_nobody_knows_is_unavailable(home) -> None:
    with pytest.raises(InboxUnavailableError, match="nowhere"):
        night("nowhere://inbox", home)


def test_a_home_that_cannot_be_written_is_named_in_both_languages(put, inbox, tmp_path) -> None:
    put("submissions/a.xlsx")
    (tmp_path / "file").write_bytes(b"a file")
    with pytest.raises(HomeNotWritableError) as raised:
        night(inbox, tmp_path / "file" / "home")
    assert "工作目录" in raised.value.zh
    assert "COOPZONES_HOME" in raised.value.en


class CountingFileSystem(MemoryFileSystem):
    """A file system in memory that counts what is asked of it."""

    protocol = "counting"
    store: ClassVar[dict[str, Any]] = {}
    pseudo_dirs: ClassVar[list[str]] = [""]
    asked: ClassVar[Counter[str]] = Counter()

    def _open(self, path: str, *arguments: Any, **options: Any) -> Any:
        self.asked["open"] += 1
        return super()._open(path, *arguments, **options)

    def find(self, *arguments: Any, **options: Any) -> Any:
        """List, and count it."""
        self.asked["find"] += 1
        return super().find(*arguments, **options)


@pytest.fixture
def remote() -> Iterator[tuple[str, CountingFileSystem]]:
    """Give the URL of an inbox on a counting file system, and that file system."""
    fsspec.register_implementation("counting", CountingFileSystem, clobber=True)
    url, files = f"counting://{uuid.uuid4().hex}", fsspec.filesystem("counting")
    files.pipe(f"{url}/submissions/a.xlsx", b"abc")
    files.pipe(f"{url}/ledgers/honours.csv", b"h")
    CountingFileSystem.asked.clear()
    yield url, files
    files.rm(url, recursive=True)


def test_a_remote_inbox_is_listed_once_and_a_known_file_is_not_fetched_again(remote, home) -> None:
    url, files = remote
    first = night(url, home)
    assert first.files["file_name"].to_list() == ["ledgers/honours.csv", "a.xlsx"]
    assert files.asked == {"find": 1, "open": 2}
    second = night(url, home)
    assert files.asked == {"find": 2, "open": 2}
    assert second.files.equals(first.files)
    files.pipe(f"{url}/submissions/b.xlsx", b"new")
    files.asked.clear()
    assert night(url, home).new_files == 1
    assert files.asked["open"] == 1


def test_a_file_that_goes_while_the_night_runs_is_passed_by(remote, home, monkeypatch) -> None:
    url, files = remote
    listing = files.find(url, detail=True)
    files.rm(f"{url}/submissions/a.xlsx")
    monkeypatch.setattr(CountingFileSystem, "find", lambda *_, **__: listing)
    assert night(url, home).files["path"].to_list() == ["ledgers/honours.csv"]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("a.xlsx.part", "still being transferred"),
        ("a.xlsx.FILEPART", "still being transferred"),
        ("a.tmp", "still being transferred"),
        (".a.xlsx.Xy12Ab", "hidden"),
        ("~$a.xlsx", "lock file"),
    ],
)
def test_a_name_of_something_unfinished_is_passed_over(put, inbox, home, name: str, reason: str) -> None:
    put(f"submissions/{name}")
    reception = night(inbox, home)
    assert reception.files.is_empty()
    assert reason in reception.ignored["reason_en"].item()


def test_a_file_replaced_while_the_night_runs_is_left_and_its_earlier_bytes_stand(put, inbox, home) -> None:
    put("ledgers/honours.csv", b"of yesterday")
    put("submissions/a.xlsx", b"a")
    first = night(inbox, home)
    put("ledgers/honours.csv", b"half", modified=MARCH + 60)

    def write_on(_: object) -> None:
        put("ledgers/honours.csv", b"half and more", modified=MARCH + 61)

    second = receive(str(inbox), home, SilentProgress(), tell_listing=write_on)
    assert second.files.equals(first.files)
    (left,) = second.ignored.iter_rows(named=True)
    assert left["path"] == "ledgers/honours.csv"
    assert left["reason_zh"] == "留待下一夜：仍在写入；本夜沿用此前收到的版本"
    assert set(Archive(home).read_arrivals()["sha256"]) == set(first.files["sha256"])
    assert sha256(b"half and more") in set(night(inbox, home).files["sha256"])


def test_a_file_modified_moments_ago_is_waited_for(put, inbox, home, seed_limits) -> None:
    put("submissions/a.xlsx", modified=time.time())
    began = time.monotonic()
    patient = replace(seed_limits, quiet_seconds=0.5)
    assert receive(str(inbox), home, SilentProgress(), limits=patient).files.height == 1
    assert time.monotonic() - began >= 0.4


def test_links_are_followed_to_files_and_nothing_else_that_is_no_file_is_opened(
    put, inbox, home, tmp_path
) -> None:
    put("submissions/a.xlsx", b"a")
    (tmp_path / "outside.xlsx").write_bytes(b"outside")
    for name, target in {"link": "outside.xlsx", "dead": "nothing", "folder": "inbox"}.items():
        (inbox / "submissions" / f"{name}.xlsx").symlink_to(tmp_path / target)
    os.mkfifo(inbox / "submissions" / "pipe.xlsx")
    reception = night(inbox, home)
    assert reception.files["file_name"].to_list() == ["a.xlsx", "link.xlsx"]
    names = [f"submissions/{name}.xlsx" for name in ("dead", "folder", "pipe")]
    assert reception.ignored["path"].to_list() == names


def test_one_of_two_names_that_read_the_same_is_passed_over(put, inbox, home) -> None:
    put("submissions/年.xlsx", b"utf-8")
    (inbox / "submissions" / os.fsdecode("年.xlsx".encode("gb18030"))).write_bytes(b"gb18030")
    reception = night(inbox, home)
    assert reception.files["path"].to_list() == ["submissions/年.xlsx"]
    assert "another encoding" in reception.ignored["reason_en"].item()


def test_a_home_from_before_entity_tags_knows_its_files(put, inbox, home) -> None:
    put("submissions/a.xlsx")
    first = night(inbox, home)
    arrivals = home / "archive" / "arrivals.parquet"
    pl.read_parquet(arrivals).drop("entity_tag").write_parquet(arrivals)
    assert night(inbox, home).new_files == 0
    assert night(inbox, home).files.equals(first.files)


def test_a_full_disk_is_no_fault_of_the_inbox(put, inbox, home, monkeypatch) -> None:
    put("submissions/a.xlsx")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        night(inbox, home)
