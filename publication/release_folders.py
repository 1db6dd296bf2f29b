"""The folder ``releases`` of a home: numbers, the one link that readers follow, sweeping and pruning.

Belongs here: names and renames. What stands inside a release is none of this module's business.

    releases/<number>/      a whole release, never changed again
    releases/current        a link to one of them, or a file that holds its number
    releases/last_number    the highest number ever given
    releases/.building-…    a release in the making; `.removing-…` one that is being pruned
"""

import errno
import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from publication.durability import flush, replace_text

BUILDING = ".building-"
REMOVING = ".removing-"
SWAPPING = ".current-"
CURRENT = "current"
LAST_NUMBER = "last_number"

NO_LINKS_HERE = frozenset({errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS})
"""What a file system answers that keeps no symbolic links."""


def releases_folder(home: Path) -> Path:
    """Give the folder of all releases under ``home``; it need not exist."""
    return Path(home) / "releases"


@contextmanager
def held(home: Path) -> Iterator[Path]:
    """Hold the releases of ``home`` (waiting for whoever does), made if need be; give their folder.

    The lock dies with its process, so a killed run never leaves it behind.
    """
    releases = releases_folder(home)
    releases.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(releases / ".lock", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield releases
    finally:
        os.close(descriptor)


def numbers(releases: Path) -> list[int]:
    """Give the numbers of the releases that stand, lowest first."""
    if not releases.is_dir():
        return []
    return sorted(
        int(entry.name) for entry in releases.iterdir() if entry.name.isdecimal() and entry.is_dir()
    )


def current_number(releases: Path) -> int | None:
    """Give the number that ``current`` names, a link or a pointer file; ``None`` where it names none."""
    current = releases / CURRENT
    if current.is_symlink():
        name = current.readlink().name
    elif current.is_file():
        name = current.read_text(encoding="utf-8").strip()
    else:
        return None
    return int(name) if name.isdecimal() else None


def take_number(releases: Path) -> int:
    """Give a number that no release ever had, and remember it as given."""
    counter = releases / LAST_NUMBER
    given = int(counter.read_text(encoding="utf-8")) if counter.exists() else 0
    number = max([given, *numbers(releases)]) + 1
    replace_text(counter, f"{number}\n")
    return number


def sweep(releases: Path) -> None:
    """Remove what killed runs left: half-made and half-pruned releases, links that were never swapped in."""
    for entry in releases.iterdir():
        if entry.name.startswith((BUILDING, REMOVING)):
            shutil.rmtree(entry)
        elif entry.name.startswith(SWAPPING):
            entry.unlink()


def point_current(releases: Path, number: int) -> None:
    """Make ``current`` name the release ``number`` in one rename.

    A link, relative so that the home can be moved. Where the file system keeps no links, or where ``current``
    is a pointer file already, a file that holds the number.
    """
    current = releases / CURRENT
    beside = releases / f"{SWAPPING}{uuid4().hex}"
    keeps_links = current.is_symlink() or not current.exists()
    if keeps_links:
        try:
            beside.symlink_to(str(number), target_is_directory=True)
        except OSError as error:
            if error.errno not in NO_LINKS_HERE:
                raise
            keeps_links = False
    if not keeps_links:
        beside.write_text(f"{number}\n", encoding="utf-8")
        flush(beside)
    beside.replace(current)
    flush(releases)


def prune(releases: Path, *, keep: int, always: set[int]) -> None:
    """Remove the oldest releases until ``keep`` stand, sparing those in ``always``.

    Each leaves the list by one rename before its files go, so that a release which stands is whole.
    """
    standing = numbers(releases)
    surplus = len(standing) - keep
    for number in [number for number in standing if number not in always][: max(surplus, 0)]:
        leaving = releases / f"{REMOVING}{number}"
        (releases / str(number)).rename(leaving)
        shutil.rmtree(leaving)
