"""A place as the rest sees it: how it is opened, and what is particular to its kind."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from fsspec import AbstractFileSystem

from ingestion.places.faults import FaultError


def _leave(_: AbstractFileSystem) -> None:
    """Do nothing: there is no connection to end."""


@dataclass(frozen=True)
class Place:
    """One place that an inbox may lie in.

    ``connect`` opens it anew; ``root`` is the inbox's folder there. ``errors`` are the exceptions by which
    its back end tells that something could not be had, and ``interpret`` says what one of them means.
    ``is_flat``: one listing tells everything below a folder (an object store); else each folder is listed.
    ``reads_one_version``: an open file stays the version that was looked at; else it is looked at afterwards.
    """

    connect: Callable[[], AbstractFileSystem]
    root: str
    errors: tuple[type[Exception], ...]
    interpret: Callable[[Exception], FaultError]
    is_remote: bool = True
    is_flat: bool = False
    reads_one_version: bool = False
    reading: Mapping[str, Any] = field(default_factory=dict)
    disconnect: Callable[[AbstractFileSystem], None] = _leave
