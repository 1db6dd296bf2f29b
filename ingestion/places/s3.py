"""S3 and what speaks it, through s3fs.

Credentials and an endpoint of one's own come from botocore (``AWS_…``, ``~/.aws``) or fsspec's configuration
(``FSSPEC_S3_…``).
"""

from typing import Any

from fsspec import AbstractFileSystem

from ingestion.places.address import split_address
from ingestion.places.configured import configured_options
from ingestion.places.faults import (
    BrokenError,
    ChangedError,
    ClosedError,
    FaultError,
    GoneError,
    RefusedError,
)
from ingestion.places.limits import InboxLimits
from ingestion.places.place import Place


def s3_place(address: str, limits: InboxLimits) -> Place:
    """Give the folder ``address`` (s3://bucket/folder) of an S3-compatible store.

    Raises ``ImportError`` without the extra ``s3``.
    """
    import aiohttp  # noqa: PLC0415 (an extra brings it)
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415
    from s3fs import S3FileSystem  # noqa: PLC0415

    parts = split_address(address)
    options = _options(limits)

    def connect() -> AbstractFileSystem:
        return S3FileSystem(**options)

    return Place(
        connect=connect,
        root=(parts.netloc + parts.path).rstrip("/"),
        errors=(OSError, BotoCoreError, ClientError, aiohttp.ClientError),
        interpret=_interpret,
        is_flat=True,
        reads_one_version=True,
        reading={"cache_type": "none"},  # else s3fs holds fifty megabytes ahead of every open file
    )


def _options(limits: InboxLimits) -> dict[str, Any]:
    configured = configured_options("s3")
    waiting = {
        "connect_timeout": limits.connect_seconds,
        "read_timeout": limits.answer_seconds,
        "retries": {"total_max_attempts": 1},  # s3fs asks again itself
    }
    return {
        # The version of every answer is compared here: not every store heeds If-Match.
        "local_expiry_check": True,
        **configured,
        "config_kwargs": waiting | dict(configured.get("config_kwargs", {})),
        "skip_instance_cache": True,
    }


def _interpret(error: Exception) -> FaultError:
    from botocore.exceptions import NoCredentialsError, PartialCredentialsError  # noqa: PLC0415
    from s3fs.utils import FileExpired  # noqa: PLC0415

    said = str(error) or type(error).__name__
    match error:
        case FileNotFoundError():
            return GoneError(said)
        case PermissionError():
            return RefusedError(said)
        case FileExpired():
            return ChangedError(said)
        case NoCredentialsError() | PartialCredentialsError():
            return ClosedError(said)
    return BrokenError(said)
