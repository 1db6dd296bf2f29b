"""One HTTP request within a bounded time: TLS verified, redirects not followed, its address never logged."""

import asyncio
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import httpx

from ingestion.web import retry_after, tls_context, unlogged, words_of
from publication.alerting.notifiers.outcome import ACCEPTED, Outcome, failed, refused
from publication.alerting.pace import Pace

LONGEST_REPLY = 64 * 1024
"""How many bytes of a reply are read: robots answer in some hundred."""

RETRIED = frozenset({408, 429})
"""The statuses below 500 after which a later attempt may succeed."""


@dataclass(frozen=True)
class Reply:
    """What the receiver answered; ``retry_after`` is its header of that name."""

    status: int
    body: bytes
    retry_after: timedelta | None


def post(
    address: str, body: bytes, headers: Mapping[str, str], *, pace: Pace, ca_file: Path | None = None
) -> Reply | Outcome:
    """Post the JSON ``body`` to ``address``; give the reply, or the outcome if there was none."""
    try:
        with unlogged():
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
        return Reply(response.status_code, read[:LONGEST_REPLY], retry_after(response.headers))


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
