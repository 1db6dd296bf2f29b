"""A file of any size is copied in pieces: memory does not grow with it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

MEBIBYTE = 1 << 20
RECEIVE = """
import resource, sys
from pathlib import Path
from ingestion.progress import SilentProgress
from ingestion.receive import receive
def peak_kib():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
receive(sys.argv[1] + "/small", Path(sys.argv[2]), SilentProgress())
before = peak_kib()
received = receive(sys.argv[1] + "/large", Path(sys.argv[2]), SilentProgress())
print(received.files["size_bytes"].item(), (peak_kib() - before) * 1024)
"""
"""The first inbox has everything loaded that receiving needs."""


def receive_in_a_process(
    address: str, home: Path, protocol: str, options: dict[str, object]
) -> tuple[int, int]:
    """Give the size of the large file and by how many bytes it raised the peak of memory."""
    environment = {**os.environ, f"FSSPEC_{protocol.upper()}": json.dumps(options)}
    command = [sys.executable, "-c", RECEIVE, address, str(home)]
    said = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout  # noqa: S603
    size, growth = map(int, said.split())
    return size, growth


@pytest.mark.sftp
def test_over_sftp(sftp, put, home, tmp_path) -> None:
    for inbox in ("small", "large"):
        put(f"{inbox}/submissions/a.xlsx")
    os.truncate(tmp_path / "inbox" / "large" / "submissions" / "a.xlsx", 400 * MEBIBYTE)
    os.utime(tmp_path / "inbox" / "large" / "submissions" / "a.xlsx", (1, 1))
    size, growth = receive_in_a_process(sftp.url(tmp_path / "inbox"), home, "sftp", sftp.options())
    assert size == 400 * MEBIBYTE
    assert growth < 60 * MEBIBYTE


def test_from_an_object_store(s3, bucket, home) -> None:
    client = s3.client()
    client.put_object(Bucket=bucket, Key="small/submissions/a.xlsx", Body=b"x")
    client.put_object(Bucket=bucket, Key="large/submissions/a.xlsx", Body=bytes(120 * MEBIBYTE))
    size, growth = receive_in_a_process(f"s3://{bucket}", home, "s3", s3.options())
    assert size == 120 * MEBIBYTE
    assert growth < 60 * MEBIBYTE
    pieces = [path for method, path, query in s3.asked if method == "GET" and "large" in path]
    assert len(pieces) == 120 // 4
