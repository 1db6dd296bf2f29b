"""Which kind of place an address names, and the extra that opens it when it is not installed."""

import fsspec
from fsspec import AbstractFileSystem

from ingestion.places.address import REMOTE, check_address, scheme_of
from ingestion.places.faults import ClosedError, FaultError, GoneError, RefusedError
from ingestion.places.limits import InboxLimits
from ingestion.places.place import Place

LOCAL = {"file", "local"}


def place_of(address: str, limits: InboxLimits) -> Place:
    """Give the place that ``address`` names; raise ``ClosedError`` where none can be made of it."""
    try:
        check_address(address)
        match REMOTE.get(scheme := scheme_of(address)):
            case "sftp":
                from ingestion.places.sftp import sftp_place  # noqa: PLC0415

                return sftp_place(address, limits)
            case "s3":
                from ingestion.places.s3 import s3_place  # noqa: PLC0415

                return s3_place(address, limits)
        return _place_of_fsspec(address, is_flat=scheme not in LOCAL)
    except ImportError as error:
        raise ClosedError(_name_extra(scheme_of(address), error)) from error
    except ValueError as error:
        raise ClosedError(str(error).replace("\n", " / ")) from error


def _place_of_fsspec(address: str, *, is_flat: bool) -> Place:
    files, root = fsspec.core.url_to_fs(address)

    def connect() -> AbstractFileSystem:
        return files

    return Place(
        connect=connect,
        root=root.rstrip("/"),
        errors=(OSError,),
        interpret=_interpret,
        is_remote=False,
        is_flat=is_flat,
    )


def _interpret(error: Exception) -> FaultError:
    said = str(error) or type(error).__name__
    return GoneError(said) if isinstance(error, FileNotFoundError) else RefusedError(said)


def _name_extra(scheme: str, error: ImportError) -> str:
    extra = REMOTE.get(scheme)
    if extra is None:
        return str(error)
    return (
        f"{scheme}:// 需要安装附加组件 {extra}：pip install 'coopzones[{extra}]' / "
        f"{scheme}:// needs the extra {extra}: pip install 'coopzones[{extra}]' ({error})"
    )
