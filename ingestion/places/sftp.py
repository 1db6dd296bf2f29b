"""SFTP, through sshfs and asyncssh: the server's key is held against known_hosts, always.

Credentials come from ``~/.ssh`` (keys, agent, config) or fsspec's configuration (``FSSPEC_SFTP_…``).
"""

from pathlib import Path
from typing import Any
from urllib.parse import unquote

from fsspec import AbstractFileSystem

from ingestion.places.address import split_address
from ingestion.places.configured import configured_options
from ingestion.places.faults import BrokenError, ClosedError, FaultError, GoneError, RefusedError
from ingestion.places.limits import InboxLimits
from ingestion.places.place import Place

KNOWN_HOSTS = ("~/.ssh/known_hosts", "/etc/ssh/ssh_known_hosts")
"""Where servers' keys are looked for when the configuration names no file."""

KEEPALIVES = 3
"""Questions whether the server is still there, within the time that one answer may take."""

NAMES = {"path_encoding": "utf-8", "path_errors": "surrogateescape"}
"""Names that are no UTF-8 come through as they are; ``ingestion.inbox`` reads them as GB18030."""


def sftp_place(address: str, limits: InboxLimits) -> Place:
    """Give the folder ``address`` (sftp://user@host:port/folder) of an SFTP server.

    Raises ``ImportError`` without the extra ``sftp`` and ``ClosedError`` when the configuration would take
    any server's key.
    """
    import asyncssh  # noqa: PLC0415 (an extra)
    from sshfs import SSHFileSystem  # noqa: PLC0415

    parts = split_address(address)
    options = _options(limits) | {"host": parts.hostname}
    options |= {"username": unquote(parts.username)} if parts.username else {}
    options |= {"port": parts.port} if parts.port else {}

    def connect() -> AbstractFileSystem:
        return SSHFileSystem(**options)

    def disconnect(files: AbstractFileSystem) -> None:
        files.loop.call_soon_threadsafe(files.client.abort)

    return Place(
        connect=connect,
        root=parts.path.rstrip("/") or "/",
        # ValueError: what sshfs raises when the server opens no channel
        errors=(OSError, asyncssh.Error, ValueError),
        interpret=_interpret,
        disconnect=disconnect,
    )


def _options(limits: InboxLimits) -> dict[str, Any]:
    """Give what sshfs is told: fsspec's configuration of ``sftp``, where it would not look, over ours."""
    configured = configured_options("sftp")
    known_hosts = configured.pop("known_hosts", KNOWN_HOSTS)
    if not known_hosts:
        raise ClosedError(
            "known_hosts 不得为空：不核对主机密钥的服务器不予连接 / "
            "known_hosts may not be empty: no server is used whose key is not checked"
        )
    names = [known_hosts] if isinstance(known_hosts, str) else known_hosts
    files = [str(path) for name in names if (path := Path(name).expanduser()).is_file()]
    if not files:
        raise ClosedError(f"没有 known_hosts 文件 / no file of known hosts: {', '.join(map(str, names))}")
    return {
        "connect_timeout": limits.connect_seconds,
        "login_timeout": limits.connect_seconds,
        "keepalive_interval": limits.answer_seconds / KEEPALIVES,
        "keepalive_count_max": KEEPALIVES,
        "sftp_client_kwargs": NAMES,
        **configured,
        "known_hosts": files,
        "skip_instance_cache": True,
    }


def _interpret(error: Exception) -> FaultError:
    import asyncssh  # noqa: PLC0415

    said = getattr(error, "reason", "") or str(error) or type(error).__name__
    match error:
        case FileNotFoundError() | asyncssh.SFTPNoSuchFile() | asyncssh.SFTPNoSuchPath():
            return GoneError(said)
        case asyncssh.SFTPConnectionLost() | asyncssh.SFTPNoConnection() | asyncssh.SFTPBadMessage():
            return BrokenError(said)
        case asyncssh.SFTPError():
            return RefusedError(said)
    return ClosedError(said) if isinstance(error, _closed()) else BrokenError(said)


def _closed() -> tuple[type[Exception], ...]:
    """Give what is raised on the way in and would be raised again at every further attempt."""
    import asyncssh  # noqa: PLC0415

    return (
        PermissionError,
        asyncssh.PermissionDenied,
        asyncssh.HostKeyNotVerifiable,
        asyncssh.KeyExchangeFailed,
        asyncssh.IllegalUserName,
        asyncssh.KeyImportError,
        asyncssh.KeyEncryptionError,
    )
