"""Sources that are files: laid down by another system in a folder that this machine sees.

Belongs here: taking a copy of the file as it is now. Does not belong here: what the file says.
"""

import os
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from typing import BinaryIO

from ingestion.sources.body import CHUNK_BYTES, temporary
from ingestion.sources.replies import FailedTryError, Reply, too_large


def read_file(path: Path, *, largest: int, folder: Path) -> Reply:
    """Give a copy of the file at ``path``, made in ``folder``; its time of change stands as Last-Modified.

    Raises ``FailedTryError`` where there is no file, it can't be read or has more than ``largest`` bytes.
    """
    stream = _opened(path)
    copy = temporary(folder)
    with stream:
        changed_at = datetime.fromtimestamp(os.fstat(stream.fileno()).st_mtime, UTC)
        while chunk := _read(stream):
            copy.write(chunk)
            if copy.tell() > largest:
                raise too_large(largest)
    copy.seek(0)
    return Reply(None, {"last-modified": format_datetime(changed_at, usegmt=True)}, copy)


def _opened(path: Path) -> BinaryIO:
    try:
        if path.is_file():  # a pipe would be waited for without end
            return path.open("rb")
        raise FailedTryError("no_file", path.name)
    except FileNotFoundError as error:
        raise FailedTryError("no_file", path.name) from error
    except OSError as error:
        raise FailedTryError("unreadable_file", f"{path.name}: {error.strerror}") from error


def _read(stream: BinaryIO) -> bytes:
    try:
        return stream.read(CHUNK_BYTES)
    except OSError as error:
        raise FailedTryError("unreadable_file", str(error.strerror)) from error
