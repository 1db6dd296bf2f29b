"""The requests of a source: one a year or one in all, placeholders filled, secrets still left out.

Belongs here: what is asked. Does not belong here: asking (``http``, ``local_file``).
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

from ingestion.sources.entries import Request, Source


@dataclass(frozen=True)
class Question:
    """One request of a source; ``key`` tells it from the source's other ones and is the same every night.

    ``url`` holds the parameters but no secret; of a source that is a file it is the file's path.
    """

    key: str
    url: str
    method: str = "GET"
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def asked(self) -> str:
        """The SHA-256 of all that is asked: another question may not be told that nothing has changed."""
        told = [self.method, self.url, self.body, dict(self.headers)]
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def questions(source: Source, years: Sequence[int] | None = None) -> tuple[Question, ...]:
    """Give what ``source`` is asked, for its configured years or for ``years``.

    The key is the year where each year is asked for, the first and the last year where they alone are named,
    and empty where the source is asked for everything. ``years`` do not matter to a source without years.
    """
    request = source.request
    if request.years is None:
        return (_question(request, "", {}),)
    wanted = sorted(set(request.years.all if years is None else years))
    if not wanted:
        return ()
    ends = {"first_year": str(wanted[0]), "last_year": str(wanted[-1])}
    if "year" not in request.placeholders:
        return (_question(request, f"{wanted[0]}-{wanted[-1]}", ends),)
    return tuple(_question(request, str(year), ends | {"year": str(year)}) for year in wanted)


def _question(request: Request, key: str, values: Mapping[str, str]) -> Question:
    url = _filled(request.url, values)
    if request.parameters:
        url = str(httpx.URL(url, params=_filled(request.parameters, values)))
    return Question(key, url, request.method, _filled(request.body, values), request.headers)


def _filled(value: Any, values: Mapping[str, str]) -> Any:
    """Give ``value`` with the placeholders in each of its texts replaced."""
    if isinstance(value, str):
        for name, text in values.items():
            value = value.replace(f"{{{name}}}", text)
        return value
    if isinstance(value, dict):
        return {key: _filled(item, values) for key, item in value.items()}
    return [_filled(item, values) for item in value] if isinstance(value, list) else value
