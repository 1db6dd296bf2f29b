"""What asking the web and telling it share: addresses, certificates, waits, and a log without secrets.

Belongs here: what outside sources (``ingestion.sources``) and notifiers (``publication.alerting``) both need.
Does not belong here: requests themselves; the two bound theirs differently.
"""

import logging
import re
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cache
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import httpx
from pydantic import AfterValidator

LONGEST_TOLD = 200
"""How many characters of a reply's own words are kept as the reason of a failure."""

_is_asking: ContextVar[bool] = ContextVar("_is_asking", default=False)


class _NothingOfOurRequests(logging.Filter):
    """Keeps the HTTP library from logging our requests: addresses and headers may be secrets."""

    def filter(self, record: logging.LogRecord) -> bool:  # noqa: ARG002 (the form of a filter)
        return not _is_asking.get()


for _name in ("httpx", "httpcore.connection", "httpcore.http11", "httpcore.proxy", "httpcore.socks"):
    logging.getLogger(_name).addFilter(_NothingOfOurRequests())


@contextmanager
def unlogged() -> Iterator[None]:
    """Keep the HTTP library from logging what this context asks."""
    token = _is_asking.set(True)
    try:
        yield
    finally:
        _is_asking.reset(token)


@cache
def tls_context(ca_file: Path | None) -> ssl.SSLContext:
    """Give what certificates are trusted: the usual ones, or SSL_CERT_FILE's, and those of ``ca_file``."""
    context = httpx.create_ssl_context()
    if ca_file is not None:
        context.load_verify_locations(ca_file)
    return context


def words_of(body: bytes) -> str:
    """Give the beginning of a reply as one line of text."""
    return " ".join(body.decode(errors="replace").split())[:LONGEST_TOLD]


def retry_after(headers: Mapping[str, str]) -> timedelta | None:
    """Read the header Retry-After, seconds or a date; None when there is none that can be read.

    A date is held against the receiver's own clock if it tells it: clocks differ.
    """
    text = headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdigit():
        return timedelta(seconds=min(int(text[:10]), 10**9))
    until = http_date(text)
    if until is None:
        return None
    return max(until - (http_date(headers.get("Date", "")) or datetime.now(UTC)), timedelta())


def http_date(text: str) -> datetime | None:
    """Read a date as headers state it; None when there is none that can be read."""
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def check_web_address(address: str) -> str:
    """Refuse what is no web address, and one that would send in clear over a network."""
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host or parts.scheme not in {"http", "https"} or re.search(r"[\s\x00-\x1f]", address):
        raise ValueError("应为 https:// 开头的网址\nexpected an address that starts with https://")
    if parts.scheme == "http" and not is_loopback(host):
        raise ValueError(
            "应使用 https，http 仅限本机地址"
            "\nexpected https; plain http is for addresses of this machine only"
        )
    return address


def is_loopback(host: str) -> bool:
    """Say whether ``host`` is this machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _check_certificates(path: Path) -> Path:
    if not path.is_file():
        raise ValueError(f"文件 {path} 不存在\nthere is no file {path}")
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(path)
    except ssl.SSLError as error:
        raise ValueError(f"文件 {path} 不含 PEM 证书\nthe file {path} holds no certificate (PEM)") from error
    return path


CertificateFile = Annotated[Path, AfterValidator(_check_certificates)]
"""A file of certificates to trust besides the usual ones."""
