"""One HTTP request within a bounded time: TLS verified, redirects not followed, its address never logged."""

import asyncio
import logging
import ssl
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cache
from pathlib import Path

import httpx

from publication.alerting.notifiers.outcome import ACCEPTED, Outcome, failed, refused
from publication.alerting.pace import Pace

LONGEST_REPLY = 64 * 1024
"""How many bytes of a reply are read: robots answer in some hundred."""

LONGEST_TOLD = 200
"""How many characters of a reply's own words are kept as the reason of a failure."""

RETRIED = frozenset({408, 429})
"""The statuses below 500 after which a later attempt may succeed."""

_is_sending: ContextVar[bool] = ContextVar("_is_sending", default=False)


@dataclass(frozen=True)
class Reply:
    """What the receiver answered; ``retry_after`` is its header of that name."""

    status: int
    body: bytes
    retry_after: timedelta | None


class _NothingOfOurRequests(logging.Filter):
    """Keeps the HTTP library from logging our requests: addresses and headers may be secrets."""

    def filter(self, record: logging.LogRecord) -> bool:  # noqa: ARG002 (the form of a filter)
        return not _is_sending.get()


for _name in ("httpx", "httpcore.connection", "httpcore.http11", "httpcore.proxy", "httpcore.socks"):
    logging.getLogger(_name).addFilter(_NothingOfOurRequests())


def post(
    address: str, body: bytes, headers: Mapping[str, str], *, pace: Pace, ca_file: Path | None = None
) -> Reply | Outcome:
    """Post the JSON ``body`` to ``address``; give the reply, or the outcome if there was none."""
    token = _is_sending.set(True)
    try:
        return asyncio.run(_post(address, body, headers, pace, tls_context(ca_file)))
    except TimeoutError:
        return failed(
            f"{pace.attempt_seconds:g} 秒内未完成", f"not done within {pace.attempt_seconds:g} seconds"
        )
    except httpx.TimeoutException as error:
        return failed("等待超时", f"timed out ({type(error).__name__})")
    except httpx.InvalidURL:
        return refused("网址不可用", "the address can't be used")
    except httpx.RequestError as error:
        return failed("连接失败", f"the connection failed ({type(error).__name__}: {error})")
    finally:
        _is_sending.reset(token)


async def _post(
    address: str, body: bytes, headers: Mapping[str, str], pace: Pace, context: ssl.SSLContext
) -> Reply:
    sent = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "coopzones",
        "Accept-Encoding": "identity",
        **headers,
    }
    async with (
        asyncio.timeout(pace.attempt_seconds),
        httpx.AsyncClient(verify=context, follow_redirects=False, timeout=pace.network_seconds) as client,
        client.stream("POST", address, content=body, headers=sent) as response,
    ):
        read = b""
        async for chunk in response.aiter_raw():
            read += chunk
            if len(read) > LONGEST_REPLY:
                break
        return Reply(response.status_code, read[:LONGEST_REPLY], _retry_after(response.headers))


def judge_status(reply: Reply) -> Outcome:
    """Give what the status of ``reply`` says: accepted, to be tried again, or refused."""
    told = f"HTTP {reply.status}"
    if 200 <= reply.status < 300:
        return ACCEPTED
    if 300 <= reply.status < 400:
        return refused(f"对方要求转往他处（{told}），不予跟随", f"a redirect ({told}) is not followed")
    words = words_of(reply.body)
    if reply.status >= 500 or reply.status in RETRIED:
        return failed(
            f"对方暂不受理（{told}）", f"not taken for now ({told}) {words}", retry_after=reply.retry_after
        )
    return refused(f"对方拒收（{told}）", f"refused ({told}) {words}")


def words_of(body: bytes) -> str:
    """Give the beginning of a reply as one line of text."""
    return " ".join(body.decode(errors="replace").split())[:LONGEST_TOLD]


@cache
def tls_context(ca_file: Path | None) -> ssl.SSLContext:
    """Give what certificates are trusted: the usual ones, or SSL_CERT_FILE's, and those of ``ca_file``."""
    context = httpx.create_ssl_context()
    if ca_file is not None:
        context.load_verify_locations(ca_file)
    return context


def _retry_after(headers: httpx.Headers) -> timedelta | None:
    """Read the header Retry-After, seconds or a date; None when there is none that can be read.

    A date is held against the receiver's own clock if it tells it: clocks differ.
    """
    text = headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdigit():
        return timedelta(seconds=min(int(text), 10**9))
    until = _date(text)
    if until is None:
        return None
    return max(until - (_date(headers.get("Date", "")) or datetime.now(UTC)), timedelta())


def _date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
