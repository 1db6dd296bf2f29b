"""The content-addressed archive: every file that was ever in the inbox, once, and what was seen when.

Belongs here: ``archive/sha256/<aa>/<sha256>`` and ``archive/arrivals.parquet``. Does not belong here: what
a file says, which files of an inbox matter, and what is told of the other tables beside them
(``answers.parquet``: ``ingestion.sources.answers``).
"""

import hashlib
import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import polars as pl

from ingestion.errors import HomeNotWritableError

ARRIVALS_SCHEMA = pl.Schema(
    {
        "path": pl.String(),
        "sha256": pl.String(),
        "size_bytes": pl.Int64(),
        "modified_at": pl.Datetime("us"),
        "first_seen_at": pl.Datetime("us"),
        "last_changed_at": pl.Datetime("us"),
        "entity_tag": pl.String(),
    }
)
"""One row a (path, bytes): ``modified_at`` is what the first night saw; ``last_changed_at`` and
``entity_tag`` (what an object store calls the version) what the last one did."""

CHUNK_BYTES = 4 << 20
"""What is held of a file while it is copied; of a file in an object store, a request."""


class Readable(Protocol):
    """What bytes are copied from."""

    def read(self, size: int, /) -> bytes:
        """Give up to ``size`` bytes, none at the end."""


def archive_path(home: Path, sha256: str) -> Path:
    """Give the file below ``home`` that holds the bytes of ``sha256`` (64 hex digits), there or not."""
    return home / "archive" / "sha256" / sha256[:2] / sha256


class Archive:
    """The folder ``archive/`` of a home."""

    def __init__(self, home: Path) -> None:
        """Make the folders below ``home``; raise ``HomeNotWritableError`` where that can't be done."""
        self.home = home
        self.folder = home / "archive"
        self.arrivals_path = self.folder / "arrivals.parquet"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            for left_over in self.folder.glob("*.unfinished"):
                left_over.unlink()
            probe = self._unfinished()
            probe.touch()
            probe.unlink()
        except OSError as error:
            raise HomeNotWritableError(
                f"无法写入工作目录 {home}：{error}。请检查 COOPZONES_HOME 及其权限和剩余空间。",
                f"The home {home} can't be written: {error}. "
                "Check COOPZONES_HOME, its permissions and the free space.",
            ) from error

    def keep(
        self, stream: Readable, require_whole: Callable[[int], None] = lambda _: None
    ) -> tuple[str, int]:
        """Copy ``stream`` to its end into the archive and give its SHA-256 and its size in bytes.

        The bytes appear under their name whole or not at all; bytes that are there already stay untouched.
        ``require_whole`` is asked with their number before they appear; what it raises leaves nothing behind.
        """
        unfinished = self._unfinished()
        try:
            sha256, size = _copy(stream, unfinished)
            require_whole(size)
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise
        kept = archive_path(self.home, sha256)
        if kept.exists():
            unfinished.unlink()
        else:
            kept.parent.mkdir(parents=True, exist_ok=True)
            unfinished.replace(kept)
            _sync_folder(kept.parent)
        return sha256, size

    def read_arrivals(self) -> pl.DataFrame:
        """Give what was seen so far, with the columns of ``ARRIVALS_SCHEMA``."""
        if not self.arrivals_path.exists():
            return pl.DataFrame(schema=ARRIVALS_SCHEMA)
        # Homes that began before entity tags were kept lack that column: null, as of a folder's files.
        return pl.concat(
            [pl.DataFrame(schema=ARRIVALS_SCHEMA), pl.read_parquet(self.arrivals_path)], how="diagonal"
        )

    def write_arrivals(self, arrivals: pl.DataFrame) -> None:
        """Put ``arrivals`` (columns of ``ARRIVALS_SCHEMA``) in the place of what was there, in one step."""
        self.write_table(arrivals.select(ARRIVALS_SCHEMA.names()).sort("path", "sha256"), self.arrivals_path)

    def write_table(self, table: pl.DataFrame, path: Path) -> None:
        """Put ``table`` in the place of the Parquet at ``path``, a file of the archive, in one step."""
        unfinished = self._unfinished()
        table.write_parquet(unfinished)
        with unfinished.open("rb+") as written:
            os.fsync(written.fileno())
        unfinished.replace(path)
        _sync_folder(self.folder)

    def _unfinished(self) -> Path:
        return self.folder / f"{secrets.token_hex(8)}.unfinished"


def _copy(stream: Readable, place: Path) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    with place.open("xb") as target:
        while chunk := stream.read(CHUNK_BYTES):
            digest.update(chunk)
            size += len(chunk)
            target.write(chunk)
        target.flush()
        os.fsync(target.fileno())
    return digest.hexdigest(), size


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
