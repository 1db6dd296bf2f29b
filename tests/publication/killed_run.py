"""Ends a run before each of its writes in turn and tells what it left; run as a program by the tests.

Each attempt happens in a forked child, so that nothing is tidied up: the child dies as by a power cut.
"""

import json
import os
import shutil
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from conftest import JudgedNight

from publication.manifest import read_manifest, verify
from publication.releases import current_release, list_releases, publish

WRITES = {"os.mkdir", "os.rename", "os.symlink", "os.remove", "os.rmdir", "os.chmod", "shutil.rmtree"}
KILLED = 9


def die_before_write(nth: int, home: str) -> None:
    """End this process right before its ``nth`` write below ``home``."""
    seen = 0

    def count(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal seen
        writes = event in WRITES or (
            event == "open" and bool(int(arguments[2] or 0) & (os.O_WRONLY | os.O_RDWR))
        )
        if writes and any(str(argument).startswith(home) for argument in arguments[:2]):
            seen += 1
            if seen == nth:
                os._exit(KILLED)

    sys.addaudithook(count)


def run_to_death(part: Callable[[], object], nth: int, home: str) -> bool:
    """Run ``part`` in a child that dies before its ``nth`` write; say whether it died."""
    child = os.fork()
    if child == 0:
        die_before_write(nth, home)
        part()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    if code not in {0, KILLED}:
        raise RuntimeError(f"the run ended with {code}")
    return code == KILLED


def is_whole(folder: Path) -> bool:
    """Say whether the release at ``folder`` holds what its manifest names; damage raises."""
    verify(folder, read_manifest(folder))
    return True


def main() -> None:
    """End the part of a run before each ``every``-th write until one ends alive; print what each left."""
    plan = json.loads(sys.argv[1])
    home = Path(plan["home"])
    night = JudgedNight(home=home, scratch=Path(plan["scratch"]))
    part: Callable[[], object] = partial(night.build, Path(plan["warehouse"]))
    if plan["part"] == "publish":
        part = partial(publish, night.build(Path(plan["warehouse"])), home=home, keep=2)
    original = home.with_name("original")
    shutil.copytree(home, original, symlinks=True)
    outcomes = []
    for nth in range(1, 1000, plan["every"]):
        shutil.rmtree(home)
        shutil.copytree(original, home, symlinks=True)
        died = run_to_death(part, nth, plan["home"])
        current = current_release(home)
        outcomes.append(
            {
                "current_is": "none" if current is None else "old" if current.name == "2" else "new",
                "is_whole": current is not None and is_whole(current),
                "standing_are_whole": all(is_whole(info.folder) for info in list_releases(home)),
            }
        )
        if not died:
            break
    print(json.dumps(outcomes))


if __name__ == "__main__":
    main()
