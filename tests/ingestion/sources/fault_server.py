"""A web server on this machine that answers as outside systems do on their bad nights.

``FaultServer`` keeps what it is asked and gives, one after the other, the answers it was told, then the last
one for ever. An answer is a function of the request's handler; the ones below make them.
"""

import gzip
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import SO_LINGER, SOL_SOCKET
from typing import Any

Answer = Callable[["Handler"], None]
MEBIBYTE = 1 << 20
CSV = "text/csv; charset=utf-8"
PAGE = "<html><body>请先登录</body></html>".encode()


@dataclass(frozen=True)
class Asked:
    """What arrived."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class Handler(BaseHTTPRequestHandler):
    """Keeps the request, then lets the next answer speak."""

    protocol_version = "HTTP/1.1"
    server: "_Server"

    def handle_one_request(self) -> None:
        """Take a request and hang up after it, however it ends."""
        with suppress(OSError):
            super().handle_one_request()
        self.close_connection = True

    def do_GET(self) -> None:
        """Answer."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        told = {name.lower(): value for name, value in self.headers.items()}
        self.server.faults.next_answer(Asked(self.command, self.path, told, body))(self)

    do_POST = do_GET  # noqa: N815 (the library's name)

    def begin(self, status: int, headers: dict[str, str]) -> None:
        """Send the status and the headers."""
        self.send_response_only(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def send_slowly(self, pieces: bytes, pause: float) -> None:
        """Send byte by byte until the other side hangs up, or all is sent."""
        for piece in pieces:
            self.wfile.write(bytes([piece]))
            self.server.faults.bytes_sent += 1
            if self.server.faults.closing.wait(pause):
                return

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (the library's name)
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    faults: "FaultServer"


class FaultServer:
    """The server; ``answers`` are given in turn, the last one again and again."""

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        self.answers: list[Answer] = []
        self.asked: list[Asked] = []
        self.bytes_sent = 0
        self.closing = threading.Event()
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), Handler)
        self._server.faults = self
        if context is not None:
            self._server.socket = context.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
        self.port = self._server.server_address[1]
        self.url = f"{'http' if context is None else 'https'}://127.0.0.1:{self.port}/figures"
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def answer(self, *answers: Answer) -> None:
        """Give ``answers`` from now on."""
        self.answers = list(answers)

    def next_answer(self, asked: Asked) -> Answer:
        """Keep what is ``asked`` and give the answer to it."""
        with self._lock:
            self.asked.append(asked)
            return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]

    def close(self) -> None:
        """Stop listening, and let slow answers end."""
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def running(context: ssl.SSLContext | None = None) -> Iterator[FaultServer]:
    """Give a server that is closed in the end."""
    server = FaultServer(context)
    try:
        yield server
    finally:
        server.close()


def says(body: bytes, media_type: str | None = CSV, status: int = 200, **headers: str) -> Answer:
    """Answer with ``body``; the words of a header's name are joined by ``_``."""

    def speak(handler: Handler) -> None:
        stated = {name.replace("_", "-"): value for name, value in headers.items()}
        if media_type is not None:
            stated["Content-Type"] = media_type
        handler.begin(status, {"Content-Length": str(len(body))} | stated)
        handler.wfile.write(body)

    return speak


def unchanged_or(body: bytes, **validators: str) -> Answer:
    """Answer 304 to who knows ``validators`` (ETag, Last_Modified), else ``body`` with them."""

    def speak(handler: Handler) -> None:
        known = {handler.headers.get("If-None-Match"), handler.headers.get("If-Modified-Since")}
        if known & set(validators.values()):
            handler.begin(304, {})
        else:
            says(body, CSV, 200, **validators)(handler)

    return speak


def a_page(status: int) -> Answer:
    """Answer with an HTML page where data was asked."""
    return says(PAGE, "text/html; charset=utf-8", status)


def cut_short(body: bytes) -> Answer:
    """Announce more than is sent, then hang up."""
    return says(body, Content_Length=str(len(body) + 1000))


def a_gigabyte(handler: Handler) -> None:
    """Send a gigabyte without saying so beforehand."""
    handler.begin(200, {"Content-Type": CSV})
    block = b"0" * MEBIBYTE
    for _ in range(1024):
        handler.wfile.write(block)
        handler.server.faults.bytes_sent += MEBIBYTE


def an_announced_gigabyte(handler: Handler) -> None:
    """Say that a gigabyte comes, and send it."""
    handler.begin(200, {"Content-Type": CSV, "Content-Length": str(1024 * MEBIBYTE)})
    for _ in range(1024):
        handler.wfile.write(b"0" * MEBIBYTE)
        handler.server.faults.bytes_sent += MEBIBYTE


def packed(body: bytes, packing: str = "gzip") -> Answer:
    """Answer with ``body`` packed for the way."""
    return says(gzip.compress(body), Content_Encoding=packing)


def an_endless_drip(handler: Handler) -> None:
    """Send a byte now and then, for ever."""
    handler.begin(200, {"Content-Type": CSV})
    handler.send_slowly(b"0" * MEBIBYTE, 0.02)


def dripping_headers(handler: Handler) -> None:
    """Send the first line of the answer byte by byte, for ever."""
    handler.send_slowly(b"HTTP/1.1 200 " + b"O" * MEBIBYTE, 0.02)


def silence(handler: Handler) -> None:
    """Take the request and say nothing."""
    handler.server.faults.closing.wait(10)


def redirects(location: str, status: int = 302) -> Answer:
    """Send elsewhere."""
    return says(b"", None, status, Location=location)


def reset(handler: Handler) -> None:
    """Break the connection off without an answer."""
    handler.connection.setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.close()


def no_http(handler: Handler) -> None:
    """Answer with something that is no HTTP."""
    handler.wfile.write(b"\x00\x01 what?\r\n\r\n")


def pause(seconds: float, then: Answer) -> Answer:
    """Answer after a while."""

    def speak(handler: Handler) -> None:
        time.sleep(seconds)
        then(handler)

    return speak
