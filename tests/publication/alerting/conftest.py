"""Alerts, a clock that stands still, and the world they are sent to: real servers of HTTP and SMTP."""

import json
import os
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from publication.alerting.configuration import Notifiers, load_notifiers
from publication.alerting.outbox import Alert, Outbox

SHANGHAI = ZoneInfo("Asia/Shanghai")
ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


class Clock:
    """Stands at 2 April 2026, 08:00, until it is moved on."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 4, 2, 8, tzinfo=SHANGHAI)

    def __call__(self) -> datetime:
        """Give the moment."""
        return self.moment

    def move(self, **by: float) -> None:
        """Move on by the arguments of a timedelta."""
        self.moment += timedelta(**by)


@pytest.fixture
def in_processes() -> Callable[..., list[int]]:
    """Give a runner of ``another_process.py``, several at the same time; it gives their counts."""

    def run(number: int, *arguments: object, **environment: str) -> list[int]:
        command = [sys.executable, str(Path(__file__).with_name("another_process.py")), *map(str, arguments)]
        processes = [
            subprocess.Popen(  # noqa: S603 (our own script)
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                env={**os.environ, **environment, "PYTHONPATH": str(ROOT)},
            )
            for _ in range(number)
        ]
        for process in processes:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        for process in processes:
            assert process.stdin is not None
            process.stdin.write("\n")
            process.stdin.flush()
        counts = [int(process.communicate(timeout=60)[0]) for process in processes]
        assert [process.returncode for process in processes] == [0] * number
        return counts

    return run


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    with Outbox.open(tmp_path) as opened:
        yield opened


@pytest.fixture
def alert() -> Callable[..., Alert]:
    """Give a maker of alerts: the report of HZ21020001 missing, unless told otherwise."""

    def make(zone_id: str | None = "HZ21020001", **values: Any) -> Alert:
        kind, stage = values.pop("kind", "missing_report"), values.pop("stage", "T+1")
        stated: dict[str, Any] = {
            "alert_key": f"{kind}|{zone_id}|2025|{stage}",
            "authority_code": "210000",
            "audiences": ("authority",),
            "due_on": date(2026, 3, 31),
            "message_zh": f"{zone_id} 2025 年度发展报告未报送",
            "message_en": f"{zone_id} has not sent its annual report of 2025",
        }
        return Alert(kind=kind, stage=stage, zone_id=zone_id, **(stated | values))

    return make


@pytest.fixture
def notifiers(tmp_path: Path) -> Callable[..., Notifiers]:
    """Give a reader of a file of notifiers: its text, and the environment that holds its secrets."""

    def read(text: str, **environment: str) -> Notifiers:
        path = tmp_path / "notifiers.toml"
        path.write_text(text, encoding="utf-8")
        return load_notifiers(path, environment)

    return read


@dataclass
class Answer:
    """How a receiver answers one request; ``drops``: it takes the request and hangs up without an answer."""

    status: int = 200
    body: bytes = b"{}"
    headers: dict[str, str] = field(default_factory=dict)
    after_seconds: float = 0
    drops: bool = False


@dataclass
class Request:
    """What arrived at a receiver."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def key(self) -> str:
        """The idempotency key."""
        return self.headers["Idempotency-Key"]

    @property
    def json(self) -> Any:
        """The body, read."""
        return json.loads(self.body)


class Receiver:
    """A web server on this machine that answers as it is told and keeps what it gets."""

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        self.answers: list[Answer] = []
        self.otherwise = Answer()
        self.requests: list[Request] = []
        self.at_once = self.most_at_once = 0
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        if context is not None:
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.scheme = "http" if context is None else "https"
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
        )
        self._thread.start()

    @property
    def url(self) -> str:
        """The address without a path."""
        return f"{self.scheme}://127.0.0.1:{self.port}"

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()

    def answer(self, request: Request) -> Answer:
        """Keep ``request`` and give the answer to it."""
        with self._lock:
            self.requests.append(request)
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
            return self.answers.pop(0) if self.answers else self.otherwise

    def answered(self) -> None:
        """Note that an answer is through."""
        with self._lock:
            self.at_once -= 1

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                answer = receiver.answer(Request(self.path, dict(self.headers), body))
                try:
                    time.sleep(answer.after_seconds)
                    self._say(answer)
                finally:
                    receiver.answered()

            def _say(self, answer: Answer) -> None:
                if answer.drops:
                    self.close_connection = True
                    return
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer.body)))
                self.end_headers()
                self.wfile.write(answer.body)

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (the library's name)
                pass

        return Handler


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    server = Receiver()
    yield server
    server.close()


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> tuple[trustme.CA, Path]:
    """Give an authority for certificates that nobody trusts by themselves, and the file that says to."""
    made = trustme.CA()
    path = tmp_path_factory.mktemp("authority") / "authority.pem"
    made.cert_pem.write_to_path(str(path))
    return made, path


@pytest.fixture(scope="session")
def server_context(authority: tuple[trustme.CA, Path]) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority[0].issue_cert("127.0.0.1").configure_cert(context)
    return context


@pytest.fixture
def secure_receiver(server_context: ssl.SSLContext) -> Iterator[Receiver]:
    server = Receiver(server_context)
    yield server
    server.close()


@pytest.fixture
def drop_by_drop() -> Iterator[int]:
    """Give the port of a server that answers everybody with a line that never ends, a character at a time."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            with suppress(OSError):
                while True:
                    connection, _ = server.accept()
                    with connection, suppress(OSError):
                        for character in b"220 HTTP/1.1 200 " + b"O" * 20:
                            connection.send(bytes([character]))
                            time.sleep(0.1)

        threading.Thread(target=serve, daemon=True).start()
        yield server.getsockname()[1]


@dataclass
class Mailbox:
    """What a mail server got, and how it answers: a reply by addressee (RCPT), and replies after DATA."""

    mails: list[Any] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)
    used_tls: list[bool] = field(default_factory=list)
    to_addressees: dict[str, str] = field(default_factory=dict)
    after_data: list[str] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802 (the library's name)
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        """Take every addressee, or answer as the test says."""
        if address in self.to_addressees:
            return self.to_addressees[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 (likewise)
        """Take a mail, or do with it what the test says."""
        answer = self.after_data.pop(0) if self.after_data else "250 OK"
        if answer == "drop":
            server.transport.abort()
        if answer == "drop" or answer.startswith("2"):
            self.mails.append(envelope)
            self.used_tls.append(session.ssl is not None)
        return "250 OK" if answer == "drop" else answer

    def authenticate(self, _server: Any, _session: Any, _envelope: Any, _way: str, data: Any) -> AuthResult:
        """Take the one right password."""
        self.logins.append(data.login.decode())
        return AuthResult(success=data.password == b"mail-password-1", handled=False)


@pytest.fixture
def mail_server() -> Iterator[Callable[..., tuple[Mailbox, int]]]:
    """Give a starter of mail servers: their mailbox and port."""
    running: list[Controller] = []

    def start(**options: Any) -> tuple[Mailbox, int]:
        mailbox = Mailbox()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        controller = Controller(mailbox, "127.0.0.1", port, authenticator=mailbox.authenticate, **options)
        controller.start()
        running.append(controller)
        return mailbox, port

    yield start
    for controller in running:
        controller.stop()
