"""A small server on this machine that gives the sample's recorded answers to the questions they belong to.

It knows entity tags and dates of change, and says 304 to who has the answer already. Does not belong here:
what the answers say (``ingestion.sample.recorded``).
"""

import hashlib
import json
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

HOST = "127.0.0.1"
SOURCES_FOLDER = Path(__file__).resolve().parent / "sources"
SAMPLE_SOURCES = SOURCES_FOLDER / "sources.toml"
"""The file of sources that asks this server."""

DEFAULT_PORT = 8765
"""The port that ``sources.toml`` names."""


@dataclass(frozen=True)
class Served:
    """An answer and the question that it is given to."""

    path: str
    query: dict[str, str]
    body: Any
    content: bytes
    media_type: str
    last_modified: datetime

    @property
    def entity_tag(self) -> str:
        """What tells these bytes from others, as HTTP writes it."""
        return f'"{hashlib.sha256(self.content).hexdigest()[:32]}"'

    def is_of(self, path: str, query: dict[str, str], body: Any) -> bool:
        """Tell whether the question asks for this answer."""
        return (path, body) == (self.path, self.body) and self.query.items() <= query.items()

    def is_known(self, entity_tag: str | None, known_since: str | None) -> bool:
        """Tell whether who asks has it already; an entity tag says more than a date."""
        if entity_tag is not None:
            return entity_tag == self.entity_tag
        return known_since is not None and parsedate_to_datetime(known_since) >= self.last_modified


def read_served(folder: Path) -> list[Served]:
    """Give what ``answers.toml`` in ``folder`` lists."""
    listed = tomllib.loads((folder / "answers.toml").read_text(encoding="utf-8"))["answer"]
    return [
        Served(
            path=entry["path"],
            query=entry.get("query", {}),
            body=json.loads(entry["body"]) if "body" in entry else None,
            content=(folder / entry["file"]).read_bytes(),
            media_type=entry["media_type"],
            last_modified=datetime.fromisoformat(entry["last_modified"]),
        )
        for entry in listed
    ]


@contextmanager
def sample_server(port: int = 0, folder: Path = SOURCES_FOLDER) -> Iterator[ThreadingHTTPServer]:
    """Give a server on 127.0.0.1 that is to be run (``serve_forever``); port 0 takes one that is free.

    Raises ``OSError`` when the port can't be had.
    """
    server = ThreadingHTTPServer((HOST, port), _handler_of(read_served(folder)))
    try:
        yield server
    finally:
        server.server_close()


def _handler_of(served: list[Served]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._answer(None)

        def do_POST(self) -> None:
            sent = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            try:
                self._answer(json.loads(sent))
            except ValueError:
                self._send(HTTPStatus.BAD_REQUEST, {"Content-Type": "text/plain"}, b"no JSON was sent")

        def _answer(self, body: Any) -> None:
            address = urlsplit(self.path)
            query = dict(parse_qsl(address.query, keep_blank_values=True))
            found = next((one for one in served if one.is_of(address.path, query, body)), None)
            if found is None:
                self._send(
                    HTTPStatus.NOT_FOUND, {"Content-Type": "text/plain"}, b"no such answer is recorded"
                )
                return
            headers = {
                "ETag": found.entity_tag,
                "Last-Modified": format_datetime(found.last_modified.astimezone(UTC), usegmt=True),
            }
            if found.is_known(self.headers.get("If-None-Match"), self.headers.get("If-Modified-Since")):
                self._send(HTTPStatus.NOT_MODIFIED, headers, b"")
                return
            self._send(HTTPStatus.OK, headers | {"Content-Type": found.media_type}, found.content)

        def _send(self, status: HTTPStatus, headers: dict[str, str], content: bytes) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            if status is not HTTPStatus.NOT_MODIFIED:
                self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    return Handler
