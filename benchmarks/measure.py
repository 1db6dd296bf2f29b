"""Run a command and say how long it took and how much memory its process tree held at its peak."""

import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import psutil

SAMPLING_SECONDS = 0.1


@dataclass(frozen=True)
class Measured:
    """A command that was run: ``seconds`` by the wall clock, ``peak_bytes`` resident in its whole tree."""

    seconds: float
    peak_bytes: int
    output: str


def run_measured(command: Sequence[str], environment: Mapping[str, str]) -> Measured:
    """Run ``command`` to its end; raise ``RuntimeError`` with its output when it fails."""
    started = time.perf_counter()
    process = subprocess.Popen(
        command, env=dict(environment), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    peak = [0]
    sampler = threading.Thread(target=_watch, args=(process.pid, peak), daemon=True)
    sampler.start()
    output, _ = process.communicate()
    seconds = time.perf_counter() - started
    sampler.join()
    if process.returncode != 0:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}:\n{output}")
    return Measured(seconds, peak[0], output)


def _watch(pid: int, peak: list[int]) -> None:
    """Keep in ``peak[0]`` the largest memory that the tree of ``pid`` was seen to hold.

    Pages that parent and children share are counted once (PSS), since forked workers share most of theirs.
    """
    while True:
        try:
            root = psutil.Process(pid)
            held = sum(_proportional_bytes(member) for member in [root, *root.children(recursive=True)])
        except psutil.NoSuchProcess:
            return
        peak[0] = max(peak[0], held)
        time.sleep(SAMPLING_SECONDS)


def _proportional_bytes(process: psutil.Process) -> int:
    try:
        return int(process.memory_full_info().pss)
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return 0  # it ended between being listed and being asked
