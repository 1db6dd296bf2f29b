"""The body of a reply: onto the disk in pieces, unpacked in pieces, never larger than allowed.

Belongs here: bytes and how they were packed for the way. Does not belong here: what they say.
"""

import gzip
import tempfile
import zlib
from pathlib import Path
from typing import BinaryIO

import httpx

from ingestion.sources.replies import FailedTryError, too_large

CHUNK_BYTES = 1 << 20
"""What is held of a body at once: a reply is let go soon after it is too large."""

PACKED = frozenset({"gzip", "x-gzip"})
PLAIN = frozenset({"", "identity"})


async def receive(response: httpx.Response, *, largest: int, folder: Path) -> BinaryIO:
    """Give the body of ``response``, unpacked, as a file in ``folder`` that vanishes when it is closed.

    Raises ``FailedTryError``: too_large, at once where the reply says so beforehand; truncated; unreadable.
    """
    stated = response.headers.get("Content-Length", "")
    if stated.isascii() and stated.isdigit() and int(stated[:20]) > largest:
        raise FailedTryError("too_large", f"announces {stated[:20]} bytes", status=response.status_code)
    packing = response.headers.get("Content-Encoding", "").strip().lower()
    if packing not in PACKED | PLAIN:
        raise FailedTryError("unreadable", "packed as was not asked for", status=response.status_code)
    body = temporary(folder)
    try:
        async for chunk in response.aiter_raw(CHUNK_BYTES):
            body.write(chunk)
            if body.tell() > largest:
                raise too_large(largest, response.status_code)
    except httpx.TimeoutException as error:
        raise FailedTryError("timed_out", type(error).__name__, is_passing=True) from error
    except httpx.RequestError as error:
        raise FailedTryError(
            "truncated", f"{type(error).__name__}: {error}", status=response.status_code, is_passing=True
        ) from error
    body.seek(0)
    return _unpacked(body, largest, folder) if packing in PACKED else body


def temporary(folder: Path) -> BinaryIO:
    """Give a new file in ``folder`` without a name: it is gone when it is closed, or the process ends."""
    return tempfile.TemporaryFile(dir=folder)


def _unpacked(packed: BinaryIO, largest: int, folder: Path) -> BinaryIO:
    body = temporary(folder)
    try:
        with packed, gzip.open(packed) as stream:
            while chunk := stream.read(CHUNK_BYTES):
                body.write(chunk)
                if body.tell() > largest:
                    raise too_large(largest)
    except EOFError as error:
        raise FailedTryError("truncated", str(error), is_passing=True) from error
    except (gzip.BadGzipFile, zlib.error) as error:
        raise FailedTryError("unreadable", str(error)) from error
    body.seek(0)
    return body
