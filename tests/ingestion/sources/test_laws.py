"""What holds of every wait, every secret and whatever is sent."""

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import unquote, unquote_plus

import httpx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tenacity import AsyncRetrying, Future, RetryCallState

from ingestion.secrecy import SHORTEST_PART, Scrubber
from ingestion.sources.configuration import Source
from ingestion.sources.content import check_content
from ingestion.sources.errors import AnswerUnreadableError
from ingestion.sources.http import wait_seconds
from ingestion.sources.limits import Limits, default_limits
from ingestion.sources.replies import FailedTryError
from ingestion.web import retry_after
from tests.ingestion.sources.conftest import source_text

limits = st.builds(
    lambda first, factor, longest, jitter: Limits.model_validate(
        default_limits()
        | {
            "first_wait_seconds": first,
            "wait_factor": factor,
            "longest_wait_seconds": longest,
            "jitter_share": jitter,
        }
    ),
    st.floats(0.001, 1000),
    st.floats(1, 100),
    st.floats(0.001, 1000),
    st.floats(0, 1),
)


def state(tries: int, asked: timedelta | None) -> RetryCallState:
    """Give what tenacity knows after the try numbered ``tries`` failed."""
    made = RetryCallState(AsyncRetrying(), None, (), {})
    made.attempt_number = tries
    made.outcome = Future(tries)
    made.outcome.set_exception(FailedTryError("rate_limited", "", asked_to_wait=asked))
    return made


@given(limits, st.integers(1, 10**6), st.timedeltas(timedelta(), timedelta(days=9)) | st.none())
def test_a_wait_is_as_long_as_asked_and_never_longer_than_the_limits_with_jitter(
    stated: Limits, tries: int, asked: timedelta | None
) -> None:
    asked_seconds = asked.total_seconds() if asked is not None else 0
    waited = wait_seconds(stated, state(tries, asked))
    assert asked_seconds <= waited
    longest = stated.longest_wait_seconds * (1 + stated.jitter_share)
    assert waited <= max(asked_seconds, longest) * 1.000001


@given(limits, st.integers(1, 40))
def test_waits_grow_until_the_longest(stated: Limits, tries: int) -> None:
    without_jitter = stated.model_copy(update={"jitter_share": 0})
    shorter, longer = (wait_seconds(without_jitter, state(number, None)) for number in (tries, tries + 1))
    assert 0 < shorter <= longer <= without_jitter.longest_wait_seconds


dates = st.from_regex(
    r"(Sun, )?\d{1,30} (Mar|Foo) \d{1,30} \d{1,30}:\d\d(:\d{1,30})? ([+-]\d{1,30}|GMT|)", fullmatch=True
)


@given(st.text() | dates | st.integers().map(str), st.text() | dates)
def test_whatever_stands_in_retry_after_is_a_wait_or_nothing(header: str, date: str) -> None:
    asked = retry_after({"Retry-After": header, "Date": date})
    assert asked is None or timedelta() <= asked


@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), min_size=SHORTEST_PART).map(str.strip))
def test_no_address_tells_a_secret_that_it_was_given(secret: str) -> None:
    if len(secret) < SHORTEST_PART:
        return
    for address in (
        str(httpx.URL("https://example.cn/", params={"k": secret})),
        str(httpx.URL("https://example.cn/").copy_merge_params({"k": secret})),
        f"https://example.cn/?k={secret}",
    ):
        told = Scrubber([secret])(address)
        assert secret not in told.replace("***", "")
        assert secret not in unquote(told)
        assert secret not in unquote_plus(told)


content_types = st.lists(
    st.sampled_from(["text/csv", ";", "charset", "=", "*", "''", "utf-8", "gbk", "%00", "é", '"', " "]),
    max_size=9,
).map("".join)


@given(content_types | st.text(), st.binary() | st.text().map(str.encode))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_comes_is_in_a_known_encoding_or_unreadable(
    load: Callable[..., tuple[Source, ...]], content_type: str, body: bytes
) -> None:
    (source,) = load(source_text("https://statistics.example.cn/"))
    try:
        encoding = check_content(source, {"content-type": content_type}, body)
    except AnswerUnreadableError:
        return
    assert body.decode(encoding)
