"""The servers that an inbox may lie on: OpenSSH's SFTP and an S3-compatible store, real ones on 127.0.0.1.

Each picks a free port, is waited for until it answers, and is ended by its process or thread.
"""

import getpass
import os
import re
import shlex
import socket
import subprocess
import threading
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import boto3
import fsspec
import pytest
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server

from ingestion.places.limits import InboxLimits
from ingestion.progress import SilentProgress
from ingestion.receive import Reception, receive

SSHD = Path("/usr/sbin/sshd")
SFTP_SERVER = "/usr/lib/openssh/sftp-server"
LONG_AGO = 1_774_929_600
"""2026-03-31 12:00:00 in Shanghai, as a Unix time."""


@pytest.fixture
def limits(seed_limits: InboxLimits) -> InboxLimits:
    """Give the seed's limits, in a hurry: short waits between attempts, none for quiet."""
    return replace(
        seed_limits, quiet_seconds=0, answer_seconds=5, first_wait_seconds=0.01, longest_wait_seconds=0.05
    )


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


class Listener(SilentProgress):
    """Keeps what is told."""

    def __init__(self) -> None:
        self.notes: list[str] = []

    def note(self, text: str) -> None:
        """Keep the line."""
        self.notes.append(text)


@pytest.fixture
def listener() -> Listener:
    return Listener()


@pytest.fixture
def night(home: Path, limits: InboxLimits, listener: Listener) -> Callable[..., Reception]:
    """Receive an inbox as a night does."""

    def receive_tonight(inbox: str, **options: Any) -> Reception:
        return receive(inbox, home, listener, **{"limits": limits, **options})

    return receive_tonight


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def ssh_keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder of keys made for these tests: ``host``, ``user`` and ``stranger``, with ``.pub``."""
    folder = tmp_path_factory.mktemp("keys")
    for name in ("host", "user", "stranger"):
        command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name)]
        subprocess.run(command, check=True)  # noqa: S603 (our own arguments)
    host = (folder / "host.pub").read_text().split()
    (folder / "known_hosts").write_text(f"127.0.0.1 {host[0]} {host[1]}\n")
    stranger = (folder / "stranger.pub").read_text().split()
    (folder / "other_hosts").write_text(f"127.0.0.1 {stranger[0]} {stranger[1]}\n")
    return folder


@dataclass
class SftpServer:
    """An sshd of the tests' own; ``log`` is what its SFTP part wrote, if it was told to."""

    port: int
    keys: Path
    log: Path
    process: subprocess.Popen[bytes]
    user: str = field(default_factory=getpass.getuser)

    def url(self, folder: Path, port: int | None = None) -> str:
        """Give the address of ``folder``, over another ``port`` if one is named."""
        return f"sftp://{self.user}@127.0.0.1:{port or self.port}{folder}"

    def options(self) -> dict[str, Any]:
        """Give what fsspec's configuration of ``sftp`` says for this server."""
        return {
            "client_keys": [str(self.keys / "user")],
            "known_hosts": str(self.keys / "known_hosts"),
            "config": [],
            "agent_path": None,
        }

    def requests(self, name: str) -> int:
        """Count the requests of the kind ``name``, a pattern, in the log."""
        return len(re.findall(rf"request \d+: {name}\b", self.log.read_text(errors="replace")))


def start_sshd(folder: Path, keys: Path, subsystem: str, sessions: int = 10) -> SftpServer:
    """Start an sshd that serves SFTP by ``subsystem``; ``{log}`` in it is the file of its log.

    ``sessions`` are what it opens on one connection; sshd's own figure is ten.
    """
    if not SSHD.exists():
        pytest.fail(f"{SSHD} is not there: apt-get install openssh-server", pytrace=False)
    if os.getuid() == 0:
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)  # sshd started by root insists on it
    port, log = free_port(), folder / "sftp.log"
    log.touch()
    configuration = {
        "Port": port,
        "ListenAddress": "127.0.0.1",
        "HostKey": keys / "host",
        "AuthorizedKeysFile": keys / "user.pub",
        "PidFile": folder / "sshd.pid",
        "StrictModes": "no",
        "UsePAM": "no",
        "PasswordAuthentication": "no",
        "PermitRootLogin": "prohibit-password",
        "MaxStartups": 100,
        "MaxSessions": sessions,
        "Subsystem": f"sftp {subsystem.format(log=shlex.quote(str(log)))}",
    }
    file = folder / "sshd_config"
    file.write_text("".join(f"{name} {value}\n" for name, value in configuration.items()))
    with (folder / "sshd.log").open("wb") as said:
        command = [SSHD, "-D", "-e", "-f", file]
        process = subprocess.Popen(command, stdout=said, stderr=said)  # noqa: S603 (our own arguments)
    wait_for_port(port, lambda: (process.poll() is None, (folder / "sshd.log").read_text()))
    return SftpServer(port, keys, log, process)


def wait_for_port(port: int, state: Callable[[], tuple[bool, str]]) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        is_running, said = state()
        assert is_running, said
        time.sleep(0.02)
    pytest.fail(f"port {port} does not answer: {state()}")


def stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    process.wait(10)


@pytest.fixture(scope="session")
def shared_sftp(tmp_path_factory: pytest.TempPathFactory, ssh_keys: Path) -> Iterator[SftpServer]:
    server = start_sshd(tmp_path_factory.mktemp("sshd"), ssh_keys, "internal-sftp")
    yield server
    stop(server.process)


@pytest.fixture
def sftp(shared_sftp: SftpServer, monkeypatch: pytest.MonkeyPatch) -> SftpServer:
    """Give an OpenSSH server, and let fsspec's configuration say how to log in."""
    monkeypatch.setitem(fsspec.config.conf, "sftp", shared_sftp.options())
    return shared_sftp


@pytest.fixture
def strict_sftp(tmp_path: Path, ssh_keys: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SftpServer]:
    """Give a server that logs every request, refuses to write, and heeds modes even if root runs it."""
    no_privilege = "setpriv --bounding-set=-dac_override,-dac_read_search " if os.getuid() == 0 else ""
    (tmp_path / "sshd").mkdir()
    command = f"exec {no_privilege}{SFTP_SERVER} -R -e -l DEBUG3 2>>{{log}}"
    server = start_sshd(tmp_path / "sshd", ssh_keys, command)
    monkeypatch.setitem(fsspec.config.conf, "sftp", server.options())
    yield server
    stop(server.process)


@pytest.fixture
def single_sftp(tmp_path: Path, ssh_keys: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SftpServer]:
    """Give a server that opens one session at a time."""
    (tmp_path / "sshd").mkdir()
    server = start_sshd(tmp_path / "sshd", ssh_keys, "internal-sftp", sessions=1)
    monkeypatch.setitem(fsspec.config.conf, "sftp", server.options())
    yield server
    stop(server.process)


class BreakingProxy(threading.Thread):
    """Stands before a server; cuts a connection after so many bytes of answers, as the list of cuts says.

    ``stalls``: it holds the bytes back instead, and the connection stays open.
    """

    def __init__(self, to_port: int, cuts: Iterable[int], *, stalls: bool) -> None:
        super().__init__(daemon=True)
        self._to_port, self._cuts, self._stalls = to_port, iter(cuts), stalls
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.connections = 0

    def run(self) -> None:
        """Serve until the listener is closed."""
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                self.connections += 1
                server = socket.create_connection(("127.0.0.1", self._to_port))
                cut = next(self._cuts, None)
                for source, target, limit in ((client, server, None), (server, client, cut)):
                    threading.Thread(target=self._pump, args=(source, target, limit), daemon=True).start()

    def stop(self) -> None:
        """Let nobody in any more."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _pump(self, source: socket.socket, target: socket.socket, limit: int | None) -> None:
        passed = 0
        with suppress(OSError):
            while content := source.recv(65_536):
                passed += len(content)
                if limit is None or passed < limit:
                    target.sendall(content)
                elif not self._stalls:
                    break
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def breaking() -> Iterator[Callable[..., BreakingProxy]]:
    """Put a proxy before a port that cuts connections: the first after so many bytes, and so on."""
    proxies = []

    def start(port: int, cuts: Iterable[int], *, stalls: bool = False) -> BreakingProxy:
        proxy = BreakingProxy(port, cuts, stalls=stalls)
        proxy.start()
        proxies.append(proxy)
        return proxy

    yield start
    for proxy in proxies:
        with suppress(OSError):
            proxy.stop()


@dataclass
class S3Store:
    """moto's server; ``asked`` are the requests it got, ``most_at_once`` how many of them side by side.

    It refuses to give what has ``denies`` in its path, and takes ``answers_after`` seconds to answer.
    """

    port: int = 0
    asked: list[tuple[str, str, str]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    denies: str | None = None
    answers_after: float = 0
    open_requests: int = 0
    most_at_once: int = 0

    @property
    def endpoint(self) -> str:
        """Give the address of the store."""
        return f"http://127.0.0.1:{self.port}"

    def client(self) -> Any:
        """Give a client of its own, for what the senders do."""
        return boto3.client(
            "s3",
            endpoint_url=self.endpoint,
            aws_access_key_id="invented",
            aws_secret_access_key="invented too",
            region_name="us-east-1",
        )

    def options(self) -> dict[str, Any]:
        """Give what fsspec's configuration of ``s3`` says for this store."""
        return {"key": "invented", "secret": "invented too", "endpoint_url": self.endpoint}

    def application(self) -> Callable[..., Any]:
        """Give moto's application, with a note of each request."""
        moto = DomainDispatcherApplication(create_backend_app)

        def respond(environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
            method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"].encode("latin-1").decode()
            self.asked.append((method, path, environ["QUERY_STRING"]))
            if self.denies is not None and self.denies in path and method == "GET":
                start_response("403 Forbidden", [("Content-Type", "application/xml")])
                return [b"<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"]
            with self.lock:
                self.open_requests += 1
                self.most_at_once = max(self.most_at_once, self.open_requests)
            time.sleep(self.answers_after)
            try:
                return moto(environ, start_response)
            finally:
                with self.lock:
                    self.open_requests -= 1

        return respond


@pytest.fixture(scope="session")
def shared_s3() -> Iterator[S3Store]:
    store = S3Store()
    server = make_server("127.0.0.1", 0, store.application(), threaded=True)
    store.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield store
    server.shutdown()
    thread.join(10)


@pytest.fixture
def s3(shared_s3: S3Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[S3Store]:
    """Give a store, and let fsspec's configuration say how to log in."""
    monkeypatch.setitem(fsspec.config.conf, "s3", shared_s3.options())
    yield shared_s3
    shared_s3.denies, shared_s3.answers_after, shared_s3.most_at_once = None, 0, 0
    shared_s3.asked.clear()


@pytest.fixture
def bucket(s3: S3Store) -> str:
    """Give the name of a new bucket."""
    name = f"inbox-{uuid.uuid4().hex}"
    s3.client().create_bucket(Bucket=name)
    s3.asked.clear()
    return name


@pytest.fixture
def put(tmp_path: Path) -> Callable[..., Path]:
    """Put bytes at a path of a folder that a server gives out, with a modification time."""

    def write(path: str | bytes, content: bytes = b"x", modified: float = LONG_AGO) -> Path:
        file = tmp_path / "inbox" / os.fsdecode(path)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        os.utime(file, (modified, modified))
        return file

    (tmp_path / "inbox").mkdir()
    return write
