"""An inbox on a real OpenSSH server: listed by few requests, fetched once, and what breaks on the way."""

import hashlib
import itertools
import os
import shutil
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import fsspec
import psutil
import pytest

from ingestion.archive import Archive
from ingestion.errors import InboxUnavailableError
from ingestion.inbox import Inbox
from ingestion.progress import SilentProgress
from ingestion.receive import Reception, receive

pytestmark = [pytest.mark.slow, pytest.mark.sftp]

ANY = r"(?!sent)\w+"
"""What the server calls a request, not its answer."""

NEVER_DIFFERS = ["path", "kind", "ledger", "file_name", "sha256", "size_bytes", "modified_at"]


@pytest.fixture
def inbox(tmp_path: Path, put: Callable[..., Path]) -> Path:
    """Give the folder that ``put`` puts into."""
    put("submissions/a.xlsx", b"a")
    return tmp_path / "inbox"


def reasons(reception: Reception) -> dict[str, str]:
    return dict(reception.ignored.select("path", "reason_en").iter_rows())


def archived(home: Path) -> set[str]:
    """Give the SHA-256 of everything in the archive, as its bytes say it."""
    files = [path for path in (home / "archive" / "sha256").rglob("*") if path.is_file()]
    digests = {hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
    assert digests == {path.name for path in files}
    return digests


def test_it_gives_the_same_files_as_the_folder_it_serves(sftp, put, inbox, night, limits, tmp_path) -> None:
    put("submissions/广东 省/二〇二五 年/深圳 (终稿).xlsx", b"b")
    put("submissions/江苏/年度发展报告.xlsx".encode("gb18030"), b"c")
    put("submissions/50%23#a&b.xlsx", b"d")
    put("ledgers/honours/2025.csv", b"e")
    put("statistics/nbs.csv", b"f" * 100_000)
    put("ledgers/empty.csv", b"")
    over_sftp = night(sftp.url(inbox))
    local = receive(str(inbox), tmp_path / "other", SilentProgress(), limits=limits)
    assert over_sftp.files.select(NEVER_DIFFERS).equals(local.files.select(NEVER_DIFFERS))
    assert over_sftp.ignored.equals(local.ignored)
    assert "submissions/江苏/年度发展报告.xlsx" in set(over_sftp.files["path"])


def test_a_known_file_is_not_fetched_again_and_no_file_is_asked_about_alone(
    strict_sftp, put, inbox, night
) -> None:
    for number in range(120):
        put(f"submissions/zone {number % 3}/{number}.xlsx", b"%d" % number)
    url = strict_sftp.url(inbox)
    assert night(url).new_files == 121
    assert strict_sftp.requests("open") == 121
    before = {name: strict_sftp.requests(name) for name in ("open", "opendir", "readdir", "l?stat")}
    put("submissions/zone 1/new.xlsx", b"new")
    assert night(url).new_files == 1
    asked = {name: strict_sftp.requests(name) - count for name, count in before.items()}
    assert asked["open"] == 1
    assert asked["opendir"] == 5
    assert asked["readdir"] <= 5 * 3
    assert asked["l?stat"] <= 2


def test_two_thousand_files_are_listed_by_folders(strict_sftp, put, inbox, night) -> None:
    for number in range(2_000):
        put(f"submissions/zone {number % 20}/{number}.xlsx", b"%d" % number)
    url = strict_sftp.url(inbox)
    assert night(url).files.height == 2_001
    before = strict_sftp.requests(ANY)
    began = time.monotonic()
    assert night(url).new_files == 0
    assert strict_sftp.requests(ANY) - before < 150  # 22 folders
    assert time.monotonic() - began < 10


def test_the_servers_key_is_held_against_known_hosts(sftp, inbox, night, home, monkeypatch) -> None:
    known = {**sftp.options(), "known_hosts": str(sftp.keys / "other_hosts")}
    monkeypatch.setitem(fsspec.config.conf, "sftp", known)
    with pytest.raises(InboxUnavailableError, match="Host key is not trusted"):
        night(sftp.url(inbox))
    assert not home.exists()


@pytest.mark.parametrize("known_hosts", [None, "", [], "/nowhere/known_hosts"])
def test_a_server_whose_key_cannot_be_checked_is_not_used(
    sftp, inbox, night, monkeypatch, known_hosts: Any
) -> None:
    monkeypatch.setitem(fsspec.config.conf, "sftp", {**sftp.options(), "known_hosts": known_hosts})
    with pytest.raises(InboxUnavailableError, match="known_hosts"):
        night(sftp.url(inbox))


def test_a_refused_login_is_tried_once_and_told(sftp, inbox, night, breaking, monkeypatch) -> None:
    proxy = breaking(sftp.port, [])
    stranger = {**sftp.options(), "client_keys": [str(sftp.keys / "stranger")], "password": "invented-1"}
    monkeypatch.setitem(fsspec.config.conf, "sftp", stranger)
    with pytest.raises(InboxUnavailableError, match="Permission denied") as raised:
        night(sftp.url(inbox, proxy.port))
    assert proxy.connections == 1
    assert "COOPZONES_INBOX" in raised.value.en
    assert "无法读取收件目录" in raised.value.zh
    assert "invented-1" not in str(raised.value)


def test_a_folder_that_is_not_there_and_a_server_that_is_not_there_are_told(sftp, inbox, night) -> None:
    with pytest.raises(InboxUnavailableError, match="nowhere"):
        night(sftp.url(inbox / "nowhere"))
    with pytest.raises(InboxUnavailableError, match="no such folder"):
        night(sftp.url(inbox / "submissions" / "a.xlsx"))
    with pytest.raises(InboxUnavailableError, match="Connect call failed"):
        night(sftp.url(inbox, port=1))


def test_a_file_that_may_not_be_read_costs_nothing_but_itself(
    strict_sftp, put, inbox, night, listener
) -> None:
    put("submissions/b.xlsx", b"b").chmod(0)
    reception = night(strict_sftp.url(inbox))
    assert reception.files["path"].to_list() == ["submissions/a.xlsx"]
    assert "may not be read" in reasons(reception)["submissions/b.xlsx"]
    assert any(note.startswith("submissions/b.xlsx: 留待下一夜") for note in listener.notes)


def test_what_was_received_of_a_file_stands_while_it_may_not_be_read(strict_sftp, put, inbox, night) -> None:
    url = strict_sftp.url(inbox)
    first = night(url)
    put("submissions/a.xlsx", b"another", modified=1_774_930_000).chmod(0)
    second = night(url)
    assert second.files.equals(first.files)
    assert reasons(second)["submissions/a.xlsx"].endswith("what was received of it before stands tonight")
    (inbox / "submissions" / "a.xlsx").chmod(0o644)
    assert night(url).files["size_bytes"].to_list() == [7]


def test_a_closed_folder_stops_the_night_where_submissions_may_be_missing(
    strict_sftp, put, inbox, night
) -> None:
    put("lost+found/x.xlsx").parent.chmod(0)
    reception = night(strict_sftp.url(inbox))
    assert reception.files.height == 1
    assert "can't be listed" in reasons(reception)["lost+found"]
    folder = put("submissions/closed/b.xlsx").parent
    folder.chmod(0)
    with pytest.raises(InboxUnavailableError, match="Permission denied"):
        night(strict_sftp.url(inbox))
    folder.chmod(0o755)


def test_links_are_followed_to_files_and_nowhere_else(sftp, inbox, night, tmp_path) -> None:
    outside = tmp_path / "outside.xlsx"
    outside.write_bytes(b"through a link")
    for name, target in {"link": outside, "dead": tmp_path / "nothing", "folder": tmp_path}.items():
        (inbox / "submissions" / f"{name}.xlsx").symlink_to(target)
    os.mkfifo(inbox / "submissions" / "pipe.xlsx")
    reception = night(sftp.url(inbox))
    assert reception.files["file_name"].to_list() == ["a.xlsx", "link.xlsx"]
    assert reception.files["size_bytes"].to_list() == [1, 14]
    assert set(reasons(reception)) == {f"submissions/{name}.xlsx" for name in ("dead", "folder", "pipe")}


def test_what_changes_goes_or_grows_after_it_was_listed_is_not_taken(sftp, put, inbox, night, home) -> None:
    for name in ("grows", "shrinks", "same size", "goes"):
        put(f"submissions/{name}.xlsx", b"1234")

    def meanwhile(_: Any) -> None:
        put("submissions/grows.xlsx", b"12345")
        put("submissions/shrinks.xlsx", b"123")
        put("submissions/same size.xlsx", b"abcd", modified=1_774_930_000)
        (inbox / "submissions" / "goes.xlsx").unlink()

    reception = night(sftp.url(inbox), tell_listing=meanwhile)
    assert reception.files["file_name"].to_list() == ["a.xlsx"]
    left = {f"submissions/{name}.xlsx" for name in ("grows", "shrinks", "same size")}
    assert set(reasons(reception)) == left
    assert set(Archive(home).read_arrivals()["path"]) == {"submissions/a.xlsx"}
    assert archived(home) == {hashlib.sha256(b"a").hexdigest()}
    assert not list((home / "archive").glob("*.unfinished"))
    assert night(sftp.url(inbox)).files.height == 4


def test_a_file_still_being_written_is_left_for_the_next_night(sftp, inbox, night, limits, home) -> None:
    target, is_over = inbox / "submissions" / "slow.xlsx", threading.Event()
    target.write_bytes(b"begin")

    def send() -> None:
        with target.open("ab") as file:
            while not is_over.wait(0.7):
                file.write(b"more")
                file.flush()

    sender = threading.Thread(target=send)
    sender.start()
    patient = replace(limits, quiet_seconds=2)
    reception = night(sftp.url(inbox), limits=patient)
    is_over.set()
    sender.join()
    assert reception.files["file_name"].to_list() == ["a.xlsx"]
    assert "still being written" in reasons(reception)["submissions/slow.xlsx"]
    assert archived(home) == {hashlib.sha256(b"a").hexdigest()}
    whole = night(sftp.url(inbox), limits=patient).files
    assert whole["sha256"].to_list()[1] == hashlib.sha256(target.read_bytes()).hexdigest()


@pytest.mark.parametrize("age_seconds", [0.5, -3_600])
def test_a_file_modified_moments_ago_or_by_a_clock_ahead_is_waited_for(
    sftp, put, inbox, night, limits, age_seconds: float
) -> None:
    put("submissions/fresh.xlsx", b"whole", modified=time.time() - age_seconds)
    with Inbox(sftp.url(inbox), replace(limits, quiet_seconds=2)) as source:
        quiet = {file.path: source.is_quiet(file) for file in source.list_files()}
    assert quiet == {"submissions/a.xlsx": True, "submissions/fresh.xlsx": False}
    began = time.monotonic()
    reception = night(sftp.url(inbox), limits=replace(limits, quiet_seconds=2))
    assert time.monotonic() - began >= (0.5 if age_seconds > 0 else 2)
    assert reception.files.height == 2


def test_a_connection_that_breaks_midway_costs_nothing(sftp, put, inbox, night, breaking, home) -> None:
    contents = [os.urandom(300_000) for _ in range(12)]
    for number, content in enumerate(contents):
        put(f"submissions/{number}.xlsx", content)
    proxy = breaking(sftp.port, [900_000, 3_000, 1_500_000])
    reception = night(sftp.url(inbox, proxy.port))
    assert proxy.connections == 4
    assert reception.files.height == 13
    assert reception.ignored.is_empty()
    assert archived(home) == {hashlib.sha256(content).hexdigest() for content in [*contents, b"a"]}
    assert not list((home / "archive").glob("*.unfinished"))


def test_a_server_that_falls_silent_is_given_up_in_time(sftp, put, inbox, night, breaking, limits) -> None:
    put("submissions/b.xlsx", os.urandom(1_000_000))
    proxy = breaking(sftp.port, [200_000], stalls=True)
    began = time.monotonic()
    reception = night(sftp.url(inbox, proxy.port), limits=replace(limits, answer_seconds=1))
    assert reception.files.height == 2
    assert 1 <= time.monotonic() - began < 10


def test_an_inbox_lost_on_the_way_ends_the_night_and_keeps_what_was_copied(
    sftp, put, inbox, night, breaking, home, limits
) -> None:
    for number in range(6):
        put(f"submissions/{number}.xlsx", os.urandom(400_000))
    proxy = breaking(sftp.port, itertools.chain([1_200_000], itertools.repeat(100)))
    one_by_one = replace(limits, copies_at_once=1)
    with pytest.raises(InboxUnavailableError, match="can't be read"):
        night(sftp.url(inbox, proxy.port), limits=one_by_one)
    assert proxy.connections <= 1 + 2 * limits.attempts
    known = Archive(home).read_arrivals()
    assert 1 <= known.height < 7
    assert archived(home) == set(known["sha256"])
    assert night(sftp.url(inbox)).new_files == 7 - known.height


def test_a_connection_that_always_breaks_is_not_renewed_for_ever(
    sftp, put, inbox, night, breaking, limits
) -> None:
    for number in range(30):
        put(f"submissions/{number}.xlsx", os.urandom(200_000))
    proxy = breaking(sftp.port, itertools.repeat(150_000))
    with pytest.raises(InboxUnavailableError):
        night(sftp.url(inbox, proxy.port), limits=replace(limits, breaks_a_night=3))
    assert proxy.connections <= 5


def test_one_file_whose_transfer_always_breaks_off_is_left(sftp, put, inbox, night, breaking, limits) -> None:
    put("submissions/b.xlsx", os.urandom(2_000_000))
    proxy = breaking(sftp.port, itertools.repeat(1_000_000))
    # Side by side, the breaking connection could take the other file's attempts along.
    reception = night(sftp.url(inbox, proxy.port), limits=replace(limits, copies_at_once=1))
    assert reception.files["file_name"].to_list() == ["a.xlsx"]
    assert "breaking off" in reasons(reception)["submissions/b.xlsx"]


def test_the_connection_ends_with_the_night(sftp, inbox, night) -> None:
    server = psutil.Process(sftp.process.pid)
    # A session that a test before cut off may take the server a while to notice.
    others = set(server.children())
    night(sftp.url(inbox))
    deadline = time.monotonic() + 30
    while not set(server.children()) <= others and time.monotonic() < deadline:
        time.sleep(0.05)
    assert set(server.children()) <= others


@pytest.fixture
def ssh_folder(sftp, tmp_path, monkeypatch) -> Path:
    """Give the ``~/.ssh`` of somebody who has configured the server there, and nothing anywhere else."""
    folder = tmp_path / "somebody" / ".ssh"
    folder.mkdir(parents=True, mode=0o700)
    monkeypatch.setenv("HOME", str(folder.parent))
    monkeypatch.setitem(fsspec.config.conf, "sftp", {"agent_path": None})
    shutil.copy(sftp.keys / "user", folder / "id_ed25519")
    shutil.copy(sftp.keys / "known_hosts", folder / "known_hosts")
    host = f"Host registry\n  HostName 127.0.0.1\n  Port {sftp.port}\n  User {sftp.user}\n"
    (folder / "config").write_text(host)
    return folder


@pytest.mark.usefixtures("ssh_folder")
def test_what_the_ssh_folder_says_holds(inbox, night) -> None:
    assert night(f"sftp://registry{inbox}").files.height == 1


def test_an_ssh_configuration_cannot_switch_off_the_check_of_the_servers_key(
    sftp, ssh_folder, inbox, night
) -> None:
    shutil.copy(sftp.keys / "other_hosts", ssh_folder / "known_hosts")
    with (ssh_folder / "config").open("a") as config:
        config.write("  UserKnownHostsFile none\n  StrictHostKeyChecking no\n")
    with pytest.raises(InboxUnavailableError, match="Host key is not trusted"):
        night(f"sftp://registry{inbox}")


def test_a_key_of_the_agent_opens(sftp, inbox, night, monkeypatch, tmp_path) -> None:
    socket = str(tmp_path / "agent")
    command = ["ssh-agent", "-D", "-a", socket]
    agent = subprocess.Popen(command, stdout=subprocess.DEVNULL)  # noqa: S603 (our own arguments)
    try:
        deadline = time.monotonic() + 10
        while not Path(socket).exists() and time.monotonic() < deadline:
            time.sleep(0.02)
        add = ["ssh-add", "-q", str(sftp.keys / "user")]
        subprocess.run(add, env={**os.environ, "SSH_AUTH_SOCK": socket}, check=True)  # noqa: S603 (our own)
        options = {**sftp.options(), "client_keys": (), "agent_path": socket}
        monkeypatch.setitem(fsspec.config.conf, "sftp", options)
        assert night(sftp.url(inbox)).files.height == 1
    finally:
        agent.terminate()
        agent.wait(10)


@pytest.fixture
def locked_key(sftp, tmp_path) -> Path:
    """Give the user's key in OpenSSH's own format, under a passphrase."""
    key = tmp_path / "locked"
    shutil.copy(sftp.keys / "user", key)
    lock = ["ssh-keygen", "-q", "-p", "-P", "", "-N", "invented-2", "-f", str(key)]
    subprocess.run(lock, check=True, capture_output=True)  # noqa: S603 (our own arguments)
    return key


def test_a_locked_key_opens_with_its_passphrase(sftp, inbox, night, monkeypatch, locked_key) -> None:
    options = {**sftp.options(), "client_keys": [str(locked_key)], "passphrase": "invented-2"}
    monkeypatch.setitem(fsspec.config.conf, "sftp", options)
    assert night(sftp.url(inbox)).files.height == 1


def test_a_locked_key_and_a_wrong_passphrase_are_told_at_once(
    sftp, inbox, night, breaking, monkeypatch, locked_key
) -> None:
    options = {**sftp.options(), "client_keys": [str(locked_key)], "passphrase": "invented-3"}
    monkeypatch.setitem(fsspec.config.conf, "sftp", options)
    proxy = breaking(sftp.port, [])
    with pytest.raises(InboxUnavailableError, match="key") as raised:
        night(sftp.url(inbox, proxy.port))
    assert proxy.connections <= 1
    assert "invented" not in str(raised.value)


def test_a_server_of_one_session_serves_all_files(single_sftp, put, inbox, night) -> None:
    for number in range(20):
        put(f"submissions/{number}.xlsx", os.urandom(50_000))
    assert night(single_sftp.url(inbox)).files.height == 21
