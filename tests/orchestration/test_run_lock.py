"""One run at a time: the second says who holds the lock; a killed one frees it, whatever it left running."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest

from orchestration.errors import RunInProgressError
from orchestration.run_lock import Work, hold_run_lock, is_run_lock_held
from orchestration.settings import SHANGHAI

COOPZONES = Path(sys.executable).parent / "coopzones"
NOW = datetime(2026, 6, 30, 2, tzinfo=SHANGHAI)
HOLD = """
import os, subprocess, sys, time
from datetime import datetime
from pathlib import Path
from orchestration.run_lock import hold_run_lock
with hold_run_lock(Path(sys.argv[1]), datetime.fromisoformat(sys.argv[2]), sys.argv[3]):
    if os.fork() == 0:
        time.sleep(60)
    print("held", flush=True)
    time.sleep(60)
"""


@contextmanager
def another_process_holds(path: Path, work: Work = "night") -> Iterator[subprocess.Popen[str]]:
    """Hold the lock in another process, which has a child that outlives it."""
    command = [sys.executable, "-c", HOLD, str(path), NOW.isoformat(), work]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True) as holder:  # noqa: S603
        try:
            assert holder.stdout is not None
            assert holder.stdout.readline() == "held\n"
            yield holder
        finally:
            os.killpg(holder.pid, signal.SIGKILL)


def test_the_second_run_is_told_who_holds_the_lock_and_since_when(tmp_path: Path) -> None:
    lock = tmp_path / "run.lock"
    with another_process_holds(lock) as holder:
        assert is_run_lock_held(lock)
        with (
            pytest.raises(RunInProgressError, match=rf"process {holder.pid} on .*2026-06-30T02:00"),
            hold_run_lock(lock, NOW),
        ):
            pytest.fail("the lock was held twice")


def test_a_killed_holder_frees_the_lock_though_its_child_lives_on(tmp_path: Path) -> None:
    lock = tmp_path / "run.lock"
    with another_process_holds(lock) as holder:
        holder.kill()
        holder.wait()
        assert not is_run_lock_held(lock)
        with hold_run_lock(lock, NOW):
            pass


def test_a_lock_that_was_left_in_order_is_free(tmp_path: Path) -> None:
    lock = tmp_path / "run.lock"
    assert not is_run_lock_held(lock)
    with hold_run_lock(lock, NOW):
        pass
    assert not is_run_lock_held(lock)


@pytest.mark.parametrize("command", ["run", "rollback"])
def test_the_command_line_says_so_and_leaves_with_3(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, command: str
) -> None:
    monkeypatch.setenv("COOPZONES_HOME", str(tmp_path))
    with another_process_holds(tmp_path / "run.lock"):
        began = time.monotonic()
        done = subprocess.run([COOPZONES, command], capture_output=True, text=True, check=False)  # noqa: S603
    assert done.returncode == 3
    assert "Another run is in progress" in done.stderr
    assert "Traceback" not in done.stderr
    assert time.monotonic() - began < 30


def test_a_night_waits_for_a_fetch_to_end(tmp_path: Path) -> None:
    lock = tmp_path / "run.lock"
    with another_process_holds(lock, "fetch") as holder, ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(hold_for_a_moment, lock, "night")
        time.sleep(0.5)
        assert not waiting.done()
        holder.kill()
        waiting.result(timeout=20)


@pytest.mark.parametrize("holder", ["night", "fetch"])
def test_a_fetch_waits_for_nobody(tmp_path: Path, holder: Work) -> None:
    lock = tmp_path / "run.lock"
    with another_process_holds(lock, holder), pytest.raises(RunInProgressError):
        hold_for_a_moment(lock, "fetch")


def hold_for_a_moment(lock: Path, work: Work) -> None:
    with hold_run_lock(lock, NOW, work):
        pass
