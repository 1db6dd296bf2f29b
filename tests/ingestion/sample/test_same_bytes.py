"""The same shape gives the same bytes: in another process, and as bundled."""

import hashlib
import io
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from ingestion.progress import SilentProgress
from ingestion.sample import SAMPLE_INBOX, SampleShape, write_sample_inbox

BUNDLE_LIMIT_BYTES = 3_000_000
SMALL = SampleShape(zones=3, enterprises=25, dirt=False)
WRITE_SMALL = """
import sys
from pathlib import Path
from ingestion.progress import SilentProgress
from ingestion.sample import SampleShape, write_sample_inbox
if __name__ == "__main__":
    write_sample_inbox(Path(sys.argv[1]), SampleShape(zones=3, enterprises=25, dirt=False), SilentProgress())
"""


def digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def said(content: bytes) -> object:
    """Give what a file says, whatever the version of the library that compressed it."""
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return [(part.filename, part.date_time, part.CRC, part.file_size) for part in archive.infolist()]


def test_the_same_shape_gives_the_same_bytes_in_another_process(tmp_path: Path) -> None:
    write_sample_inbox(tmp_path / "here", SMALL, SilentProgress())
    environment = os.environ | {"PYTHONHASHSEED": "7"}
    script = [sys.executable, "-c", WRITE_SMALL, str(tmp_path / "there")]
    subprocess.run(script, check=True, env=environment)  # noqa: S603 - this very interpreter
    assert digests(tmp_path / "here") == digests(tmp_path / "there")


def test_another_seed_gives_other_rosters(tmp_path: Path) -> None:
    write_sample_inbox(tmp_path / "one", SMALL, SilentProgress())
    other = SampleShape(zones=3, enterprises=25, dirt=False, seed=1)
    write_sample_inbox(tmp_path / "other", other, SilentProgress())
    one, two = digests(tmp_path / "one"), digests(tmp_path / "other")
    assert one.keys() == two.keys()
    workbooks = [path for path in one if path.endswith(".xlsx")]
    assert all(one[path] != two[path] for path in workbooks)


def test_the_bundled_inbox_is_what_the_generator_makes_today(made_inbox: Path) -> None:
    assert digests(SAMPLE_INBOX).keys() == digests(made_inbox).keys()
    different = [
        path
        for path in digests(made_inbox)
        if not is_cut_short(path)
        and said((SAMPLE_INBOX / path).read_bytes()) != said((made_inbox / path).read_bytes())
    ]
    assert different == [], "run `coopzones sample` to renew what is bundled"


def is_cut_short(path: str) -> bool:
    """Tell the workbook that is half a zip: only its compressed bytes, which zlib versions may differ in."""
    return path.endswith("_cut_short.xlsx")


def test_the_bundled_inbox_stays_small() -> None:
    assert sum(path.stat().st_size for path in SAMPLE_INBOX.rglob("*") if path.is_file()) < BUNDLE_LIMIT_BYTES


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(FileExistsError, match="not empty"):
        write_sample_inbox(tmp_path, SMALL, SilentProgress())
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_the_bundled_inbox_says_that_it_is_invented() -> None:
    words = (SAMPLE_INBOX / "README.txt").read_text(encoding="utf-8")
    assert "虚构" in words
    assert "invented" in words
