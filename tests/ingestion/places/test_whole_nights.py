"""A whole night over SFTP and from an S3-compatible store publishes what it publishes from the folder."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from ingestion.progress import SilentProgress
from ingestion.sample import SAMPLE_AS_OF, SampleShape, write_sample_inbox

pytestmark = pytest.mark.slow

COOPZONES = Path(sys.executable).parent / "coopzones"
PASSWORD = "invented-and-never-told"
"""Configured besides the key: wherever it turned up afterwards, it would have been told."""


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample") / "inbox"
    folder.mkdir()
    write_sample_inbox(folder, SampleShape(zones=2, enterprises=12), SilentProgress())
    return folder


def run(inbox: str, home: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a night as a person does."""
    others = {
        name: value for name, value in os.environ.items() if not name.startswith(("COOPZONES_", "AWS_"))
    }
    settings = {
        "COOPZONES_INBOX": inbox,
        "COOPZONES_HOME": str(home),
        "COOPZONES_AS_OF": SAMPLE_AS_OF.isoformat(),
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    return subprocess.run(  # noqa: S603 (our own command)
        [COOPZONES, "run"], env=others | settings | environment, capture_output=True, text=True, check=False
    )


def publish(inbox: str, home: Path, **environment: str) -> str:
    """Run a night that must publish, and give what it printed."""
    done = run(inbox, home, **environment)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def of_the_folder(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("folder") / "home"
    publish(str(sample), home)
    return home


def marts(home: Path) -> Iterator[tuple[str, pl.DataFrame]]:
    for file in sorted((home / "releases" / "current" / "parquet").glob("*.parquet")):
        yield file.stem, pl.read_parquet(file)


def require_same_marts(home: Path, other: Path, but: frozenset[str]) -> None:
    found, expected = dict(marts(home)), dict(marts(other))
    assert found.keys() == expected.keys()
    assert {name for name, mart in found.items() if not mart.equals(expected[name])} <= but
    assert found["zones"].height == 2


def require_untold(secret: str, home: Path, printed: str) -> None:
    assert secret not in printed
    holding = [path for path in home.rglob("*") if path.is_file() and secret.encode() in path.read_bytes()]
    assert holding == []


@pytest.mark.sftp
def test_over_sftp(
    shared_sftp, sample: Path, of_the_folder: Path, home: Path, history_marts: frozenset[str]
) -> None:
    options = {**shared_sftp.options(), "password": PASSWORD}
    printed = publish(shared_sftp.url(sample), home, FSSPEC_SFTP=json.dumps(options))
    require_same_marts(home, of_the_folder, history_marts)
    require_untold(PASSWORD, home, printed)
    assert (home / "inbox.txt").read_text() == shared_sftp.url(sample)


def test_from_an_object_store(
    s3, bucket: str, sample: Path, of_the_folder: Path, home: Path, history_marts: frozenset[str]
) -> None:
    client = s3.client()
    for file in sample.rglob("*"):
        if file.is_file():
            client.upload_file(str(file), bucket, f"收件/{file.relative_to(sample)}")
    printed = publish(
        f"s3://{bucket}/收件",
        home,
        AWS_ACCESS_KEY_ID="invented",
        AWS_SECRET_ACCESS_KEY=PASSWORD,
        AWS_ENDPOINT_URL_S3=s3.endpoint,
    )
    require_same_marts(home, of_the_folder, history_marts)
    require_untold(PASSWORD, home, printed)


@pytest.mark.sftp
def test_a_server_that_is_away_leaves_yesterdays_release_standing(
    shared_sftp, sample: Path, of_the_folder: Path
) -> None:
    current = of_the_folder / "releases" / "current"
    before = current.readlink()
    done = run(shared_sftp.url(sample, port=1), of_the_folder, FSSPEC_SFTP=json.dumps(shared_sftp.options()))
    assert done.returncode == 1
    assert "无法读取收件目录" in done.stderr
    assert "still stands" in done.stderr
    assert "Traceback" not in done.stderr
    assert current.readlink() == before
