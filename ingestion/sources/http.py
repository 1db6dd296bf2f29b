"""One request over HTTP, tried until it is answered, refused or out of time.

Belongs here: what is sent, to whom, how often; where a redirect may lead; what a status means. Does not
belong here: what the answer says. TLS is always verified, secrets go to the source's own origin only, and
nothing that is asked is logged.
"""

import asyncio
import ssl
from collections.abc import Iterator, Mapping
from contextlib import aclosing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, wait_exponential, wait_random

from ingestion.sources.body import receive
from ingestion.sources.entries import Source
from ingestion.sources.limits import Limits
from ingestion.sources.replies import FailedTryError, Reply
from ingestion.sources.request import Question
from ingestion.web import is_loopback, retry_after, tls_context, words_of

LONGEST_REFUSAL = 64 * 1024
"""How many bytes of a reply that refuses are read, for its own words."""

CASES = {
    401: "refused",
    403: "refused",
    404: "not_found",
    408: "timed_out",
    410: "not_found",
    429: "rate_limited",
}
"""What a status below 500 means; other ones of 400 and above are bad_request."""

PASSING = frozenset({408, 425, 429})
"""The statuses below 500 after which another try may succeed."""


@dataclass
class Asking:
    """The asking of one source: within ``deadline``, a moment of the event loop's clock."""

    source: Source
    folder: Path
    deadline: float
    tries: int = 0
    """Of the present question."""

    wants_to_be_left_alone: FailedTryError | None = None
    """The failure of an earlier question with which the source asked for a longer wait than tonight's."""

    async def ask(self, question: Question, validators: Mapping[str, str]) -> Reply:
        """Give the reply to ``question``, its body in a file of ``folder``; without one it is as before.

        ``validators`` are the headers that let the source say that nothing has changed. Raises
        ``FailedTryError``; over_budget when the deadline came first. A source that wants to be left alone is
        asked nothing more.
        """
        self.tries = 0
        if self.wants_to_be_left_alone is not None:
            raise self.wants_to_be_left_alone
        limits = self.source.limits
        trying = AsyncRetrying(
            retry=retry_if_exception(lambda error: isinstance(error, FailedTryError) and error.is_passing),
            wait=lambda state: wait_seconds(limits, state),
            stop=self._gives_up,
            sleep=asyncio.sleep,
            reraise=True,
        )
        try:
            async with asyncio.timeout_at(self.deadline):
                reply: Reply = await trying(self._try, question, validators)
                return reply
        except TimeoutError as error:
            told = f"not done within {limits.total_seconds:g} seconds"
            raise FailedTryError("over_budget", told) from error
        except FailedTryError as error:
            if error.asked_to_wait:
                self.wants_to_be_left_alone = error
            raise

    def _gives_up(self, state: RetryCallState) -> bool:
        """Say whether it is of no use to wait as long as is wanted."""
        limits, asked = self.source.limits, _asked_to_wait(state)
        resumes_at = asyncio.get_running_loop().time() + state.upcoming_sleep
        return (
            state.attempt_number >= limits.attempts
            or asked > limits.longest_retry_after_seconds
            or resumes_at >= self.deadline
        )

    async def _try(self, question: Question, validators: Mapping[str, str]) -> Reply:
        self.tries += 1
        limits, context = self.source.limits, tls_context(self.source.request.ca_file)
        async with httpx.AsyncClient(verify=context, timeout=limits.network_seconds) as client:
            request = self._request(client, question, validators)
            for _ in range(limits.redirects + 1):
                with _told():
                    response = await client.send(request, stream=True)
                async with aclosing(response):
                    if response.next_request is None:
                        return await self._reply(response, is_conditional=bool(validators))
                    request = self._redirected(request, response.next_request, response.status_code)
        raise FailedTryError("redirect_refused", f"more than {limits.redirects} redirects")

    def _request(
        self, client: httpx.AsyncClient, question: Question, validators: Mapping[str, str]
    ) -> httpx.Request:
        """Give ``question`` as it is sent, the source's secrets put in."""
        secrets = self.source.request.secrets
        hidden = {secret.parameter: secret.text for secret in secrets if secret.parameter is not None}
        return client.build_request(
            question.method,
            httpx.URL(question.url).copy_merge_params(hidden) if hidden else question.url,
            json=question.body,
            headers={
                "User-Agent": "coopzones",
                "Accept": ", ".join([*self.source.accepts, "*/*;q=0.1"]),
                "Accept-Encoding": "gzip",
                **question.headers,
                **validators,
                **{secret.header: secret.text for secret in secrets if secret.header is not None},
            },
        )

    def _redirected(self, sent: httpx.Request, wanted: httpx.Request, status: int) -> httpx.Request:
        """Give what is sent to where the source redirects, without its secrets where that is elsewhere.

        Raises ``FailedTryError`` (redirect_refused) where it may not lead.
        """
        own, url = httpx.URL(self.source.request.url), wanted.url
        is_own = (url.scheme, url.host, url.port) == (own.scheme, own.host, own.port)
        hosts = {own.host, *self.source.request.redirects_to}
        is_open = url.scheme == "http" and (sent.url.scheme == "https" or not is_loopback(url.host))
        tells = not is_own and self.source.scrub(str(url)) != str(url)
        if url.host not in hosts or url.scheme not in {"http", "https"} or is_open or tells:
            raise FailedTryError("redirect_refused", f"to {url.scheme}://{url.host}", status=status)
        if not is_own:
            for secret in self.source.request.secrets:
                wanted.headers.pop(secret.header or "", None)
        return wanted

    async def _reply(self, response: httpx.Response, *, is_conditional: bool) -> Reply:
        headers = dict(response.headers.items())
        if response.status_code == 304 and is_conditional:
            return Reply(304, headers)
        if response.status_code != 200:
            raise await _refusal(response)
        body = await receive(response, largest=self.source.limits.largest_bytes, folder=self.folder)
        return Reply(200, headers, body)


def wait_seconds(limits: Limits, state: RetryCallState) -> float:
    """Give how long to wait after the try that ``state`` tells of: longer each time, and at least as asked.

    Jitter only lengthens, by a share of the wait.
    """
    usual = wait_exponential(
        multiplier=limits.first_wait_seconds, exp_base=limits.wait_factor, max=limits.longest_wait_seconds
    )(state)
    return max(usual * (1 + wait_random(0, limits.jitter_share)(state)), _asked_to_wait(state))


def _asked_to_wait(state: RetryCallState) -> float:
    """Give how many seconds the other side asked to wait, zero when it asked for nothing."""
    error = state.outcome.exception() if state.outcome is not None else None
    asked = error.asked_to_wait if isinstance(error, FailedTryError) else None
    return asked.total_seconds() if asked is not None else 0


async def _refusal(response: httpx.Response) -> FailedTryError:
    """Give what a status that brings no answer means."""
    status = response.status_code
    is_passing = status >= 500 or status in PASSING
    case_id = CASES.get(status, "server_error" if status >= 500 else "bad_request")
    return FailedTryError(
        case_id if status >= 400 else "unexpected_status",
        f"HTTP {status} {await _own_words(response)}".strip(),
        status=status,
        is_passing=is_passing,
        asked_to_wait=retry_after(response.headers) if is_passing else None,
    )


async def _own_words(response: httpx.Response) -> str:
    """Give the beginning of the body of a reply that refuses; nothing where it can't be had."""
    if response.headers.get("Content-Encoding"):
        return ""
    read = b""
    try:
        async for chunk in response.aiter_raw():
            read += chunk
            if len(read) > LONGEST_REFUSAL:
                break
    except httpx.RequestError:
        return ""
    return words_of(read)


@contextmanager
def _told() -> Iterator[None]:
    """Tell what the library says of a request that got no reply."""
    try:
        yield
    except httpx.TimeoutException as error:
        raise FailedTryError("timed_out", type(error).__name__, is_passing=True) from error
    except httpx.RequestError as error:
        told = f"{type(error).__name__}: {error}"
        if _is_of_tls(error):
            raise FailedTryError("tls_failed", told) from error
        raise FailedTryError("unreachable", told, is_passing=True) from error
    except (httpx.InvalidURL, ValueError) as error:
        # The library reads where a redirect leads as the reply arrives, and not every text is an address.
        raise FailedTryError("redirect_refused", f"{type(error).__name__}: {error}") from error


def _is_of_tls(error: BaseException) -> bool:
    """Say whether the certificate or the encryption is behind ``error``."""
    causes = [error]
    while (cause := causes[-1].__cause__ or causes[-1].__context__) is not None:
        causes.append(cause)
    return any(isinstance(cause, ssl.SSLError) for cause in causes)
