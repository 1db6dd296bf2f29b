"""One run at a time: a lock on the home that the operating system frees when its holder dies.

It is a POSIX record lock, which child processes do not inherit: a reader that outlives a killed run does
not keep the next one out. A process must not open the lock file a second time while it holds it.
"""

import fcntl
import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from orchestration.errors import RunInProgressError

Work = Literal["night", "fetch"]
SECONDS_BETWEEN_LOOKS = 0.2


@contextmanager
def hold_run_lock(path: Path, started_at: datetime, work: Work = "night") -> Iterator[None]:
    """Hold the lock ``path`` for the block; raise ``RunInProgressError`` naming its holder if it is taken.

    A night waits for a fetch, which is bounded in time: it must not cost a night that outside sources are
    being asked. A fetch waits for nobody.
    """
    with path.open("a+", encoding="utf-8") as file:
        while not _is_taken(file):
            holder = _read_holder(file)
            if work == "fetch" or (holder and holder.get("work") != "fetch"):
                raise RunInProgressError(_explain(path, holder))
            time.sleep(SECONDS_BETWEEN_LOOKS)
        file.truncate(0)
        who = {"pid": os.getpid(), "host": socket.gethostname(), "work": work}
        json.dump(who | {"started_at": started_at.isoformat()}, file)
        file.flush()
        try:
            yield
        finally:
            file.truncate(0)


@contextmanager
def share_lock(path: Path) -> Iterator[None]:
    """Hold the lock ``path`` for the block, beside others who share it: so it is seen that somebody works.

    Its folder is made if need be.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+", encoding="utf-8") as file:
        fcntl.lockf(file, fcntl.LOCK_SH)
        yield


def is_run_lock_held(path: Path) -> bool:
    """Say whether another process holds the lock; not for a process that holds it itself."""
    if not path.exists():
        return False
    with path.open("r+", encoding="utf-8") as file:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return True
        return False


def _is_taken(file: Any) -> bool:
    """Take the lock if it is free, and say whether it is taken now."""
    try:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _read_holder(file: Any) -> dict[str, Any]:
    file.seek(0)
    text = file.read()
    return dict(json.loads(text)) if text.strip() else {}


def _explain(path: Path, holder: dict[str, Any]) -> str:
    pid, host, since = (holder.get(key, "?") for key in ("pid", "host", "started_at"))
    return (
        f"另一次运行正在进行（进程 {pid}，主机 {host}，开始于 {since}），本次不再执行。锁：{path}\n"
        f"  Another run is in progress (process {pid} on {host}, since {since}); this one leaves. {path}"
    )
