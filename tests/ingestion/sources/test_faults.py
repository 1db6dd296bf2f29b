"""Each bad night outside: the attempt fails by its name, the answer before stays, no secret is told."""

import gzip
import os
import time
import tracemalloc
from collections.abc import Callable

import pytest

from ingestion.sources.answers import Attempt
from ingestion.sources.configuration import Source
from tests.ingestion.sources import fault_server as faults
from tests.ingestion.sources.conftest import KEYED, SECRET, Nights, source_text
from tests.ingestion.sources.fault_server import Answer, FaultServer, says

FIGURES = "name,value\n示例,1\n".encode()

Load = Callable[..., tuple[Source, ...]]
BadNight = Callable[..., Attempt]


@pytest.fixture
def bad_night(server: FaultServer, nights: Nights, load: Load) -> BadNight:
    """Give a night of ``answers`` after a good one; what it left is as it was, and the journal says why."""

    def spend(*answers: Answer, limits: str = "", request: str = KEYED, form: str = "") -> Attempt:
        (source,) = load(source_text(server.url, request=request, limits=limits, form=form))
        server.answer(says(b'[{"value": 1}]', "application/json") if form else says(FIGURES))
        assert [attempt.outcome for attempt in nights.fetch(source)] == ["changed"]
        before = nights.answers()
        server.asked.clear()
        server.bytes_sent = 0
        server.answer(*answers)
        (attempt,) = nights.fetch(source)
        assert nights.answers() == before
        assert nights.body(before[0])
        row = nights.journal.row(-1, named=True)
        assert (row["outcome"], row["case_id"], row["detail"]) == ("failed", attempt.case_id, attempt.detail)
        assert (attempt.outcome, attempt.answer) == ("failed", None)
        return attempt

    return spend


def test_a_403_with_a_page_is_a_refusal_and_is_asked_once(bad_night: BadNight, server: FaultServer) -> None:
    attempt = bad_night(faults.a_page(403))
    assert (attempt.case_id, attempt.status, attempt.tries) == ("refused", 403, 1)
    assert "请先登录" in attempt.detail
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("status", "case_id"),
    [
        (204, "unexpected_status"),
        (304, "unexpected_status"),
        (400, "bad_request"),
        (401, "refused"),
        (404, "not_found"),
        (410, "not_found"),
        (422, "bad_request"),
    ],
)
def test_a_status_that_does_not_pass_is_asked_once(bad_night: BadNight, status: int, case_id: str) -> None:
    attempt = bad_night(says(b"", None, status))
    assert (attempt.case_id, attempt.status, attempt.tries) == (case_id, status, 1)


@pytest.mark.parametrize(
    ("status", "case_id"),
    [(408, "timed_out"), (429, "rate_limited"), (500, "server_error"), (503, "server_error")],
)
def test_a_status_that_passes_is_tried_as_often_as_allowed(
    bad_night: BadNight, server: FaultServer, status: int, case_id: str
) -> None:
    attempt = bad_night(faults.a_page(status))
    assert (attempt.case_id, attempt.status, attempt.tries) == (case_id, status, 3)
    assert len(server.asked) == 3


@pytest.mark.parametrize("asked", ["1", "Sun, 01 Mar 2026 00:00:01 GMT"], ids=["seconds", "date"])
def test_a_429_that_asks_for_longer_than_allowed_is_not_waited_for(bad_night: BadNight, asked: str) -> None:
    answer = says(b"", None, 429, Retry_After=asked, Date="Sun, 01 Mar 2026 00:00:00 GMT")
    attempt = bad_night(answer, limits="longest_retry_after_seconds = 0.9")
    assert (attempt.case_id, attempt.tries) == ("rate_limited", 1)


def test_a_429_that_asks_beyond_the_budget_is_not_waited_for(bad_night: BadNight) -> None:
    limits = "longest_retry_after_seconds = 99\ntotal_seconds = 2"
    started = time.monotonic()
    attempt = bad_night(says(b"", None, 429, Retry_After="3"), limits=limits)
    assert (attempt.case_id, attempt.tries) == ("rate_limited", 1)
    assert time.monotonic() - started < 1.5


def test_a_truncated_body(bad_night: BadNight) -> None:
    attempt = bad_night(faults.cut_short(FIGURES))
    assert (attempt.case_id, attempt.tries) == ("truncated", 3)
    assert attempt.rejected is None


def test_a_truncated_packed_body(bad_night: BadNight) -> None:
    attempt = bad_night(says(gzip.compress(FIGURES)[:-4], Content_Encoding="gzip"))
    assert (attempt.case_id, attempt.tries) == ("truncated", 3)


def test_a_gigabyte_ends_at_the_limit_and_is_never_in_memory(
    bad_night: BadNight, server: FaultServer
) -> None:
    tracemalloc.start()
    attempt = bad_night(faults.a_gigabyte, limits=f"largest_bytes = {8 << 20}")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (attempt.case_id, attempt.tries) == ("too_large", 1)
    assert server.bytes_sent < 100 << 20
    assert peak < 8 << 20


def test_an_announced_gigabyte_is_not_even_begun(bad_night: BadNight, server: FaultServer) -> None:
    attempt = bad_night(faults.an_announced_gigabyte)
    assert attempt.case_id == "too_large"
    assert f"announces {1 << 30} bytes" in attempt.detail
    assert server.bytes_sent < 100 << 20


def test_a_gzip_bomb_counts_unpacked(bad_night: BadNight) -> None:
    bomb = faults.packed(b"0" * (8 << 20))
    tracemalloc.start()
    attempt = bad_night(bomb, limits=f"largest_bytes = {1 << 20}")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert attempt.case_id == "too_large"
    assert peak < 6 << 20


def test_a_packing_nobody_asked_for(bad_night: BadNight) -> None:
    assert bad_night(faults.packed(FIGURES, "br")).case_id == "unreadable"


def test_what_says_it_is_packed_and_is_not(bad_night: BadNight) -> None:
    assert bad_night(says(FIGURES, Content_Encoding="gzip")).case_id == "unreadable"


def test_an_endless_drip_ends_with_the_budget(bad_night: BadNight) -> None:
    started = time.monotonic()
    attempt = bad_night(faults.an_endless_drip, limits="total_seconds = 0.5")
    assert attempt.case_id == "over_budget"
    assert "0.5 seconds" in attempt.detail
    assert time.monotonic() - started < 1.2


def test_headers_that_drip_end_with_the_budget(bad_night: BadNight) -> None:
    started = time.monotonic()
    assert bad_night(faults.dripping_headers, limits="total_seconds = 0.5").case_id == "over_budget"
    assert time.monotonic() - started < 1.2


def test_silence_is_tried_again_and_times_out(bad_night: BadNight) -> None:
    attempt = bad_night(faults.silence, limits="network_seconds = 0.05")
    assert (attempt.case_id, attempt.tries) == ("timed_out", 3)


def test_a_reset_connection(bad_night: BadNight) -> None:
    attempt = bad_night(faults.reset)
    assert (attempt.case_id, attempt.tries) == ("unreachable", 3)


def test_what_is_no_http(bad_night: BadNight) -> None:
    assert bad_night(faults.no_http).case_id == "unreachable"


def test_a_server_that_is_down(server: FaultServer, nights: Nights, load: Load) -> None:
    (source,) = load(source_text(server.url, request=KEYED))
    server.close()
    (attempt,) = nights.fetch(source)
    assert (attempt.case_id, attempt.tries) == ("unreachable", 3)
    assert nights.answers() == ()


def test_garbage_is_archived_for_whoever_looks(bad_night: BadNight, nights: Nights) -> None:
    garbage = os.urandom(3) + b"\xff\xfe garbage"
    attempt = bad_night(
        says(garbage, "application/json"), form='kind = "json_table"\ncolumns = { value = "value" }'
    )
    assert attempt.case_id == "wrong_encoding"
    assert attempt.rejected is not None
    assert nights.body(attempt.rejected) == garbage


def test_a_page_with_status_200_is_of_the_wrong_type(bad_night: BadNight, nights: Nights) -> None:
    attempt = bad_night(faults.a_page(200))
    assert attempt.case_id == "wrong_media_type"
    assert "text/html" in attempt.detail
    assert attempt.rejected is not None
    assert nights.body(attempt.rejected) == faults.PAGE


def test_json_that_is_none_is_told_by_the_format(bad_night: BadNight) -> None:
    form = 'kind = "json_table"\ncolumns = { value = "value" }'
    attempt = bad_night(says(b'{"value": ', "application/json"), form=form)
    assert attempt.case_id == "not_json"


@pytest.mark.parametrize("body", [b"", b" \r\n\t"])
def test_an_empty_body(bad_night: BadNight, body: bytes) -> None:
    assert bad_night(says(body)).case_id == "empty"


@pytest.mark.parametrize(
    ("encoding", "stated"),
    [
        ("gb18030", "utf-8"),
        ("utf-8", "gb2312"),
        ("utf-8", "iso-8859-1"),
        ("utf-16", "utf-16"),
        ("utf-8", "utf8mb4"),
    ],
)
def test_another_encoding_than_it_says(bad_night: BadNight, encoding: str, stated: str) -> None:
    body = "name,value\n示例甲,2\n".encode(encoding)
    attempt = bad_night(says(body, f"text/csv; charset={stated}"))
    assert attempt.case_id == "wrong_encoding"


def test_a_redirect_to_elsewhere_is_refused(bad_night: BadNight, elsewhere: FaultServer) -> None:
    attempt = bad_night(faults.redirects(elsewhere.url))
    assert (attempt.case_id, attempt.status) == ("redirect_refused", 302)
    assert attempt.detail == "to http://localhost"
    assert elsewhere.asked == []


def test_redirects_without_end(bad_night: BadNight, server: FaultServer) -> None:
    attempt = bad_night(faults.redirects("/again"), limits="redirects = 2")
    assert attempt.case_id == "redirect_refused"
    assert len(server.asked) == 3


@pytest.mark.parametrize(
    "location",
    [
        "ftp://127.0.0.1/x",
        "file:///etc/hostname",
        "http://[",
        "http://xn--a/",
        ":https://x:y",
        "https://127.0.0.1:1/x",
    ],
)
def test_a_redirect_to_what_can_not_be_asked(bad_night: BadNight, location: str) -> None:
    assert bad_night(faults.redirects(location)).case_id in {"redirect_refused", "unreachable"}


def test_a_source_that_sends_the_secret_back_is_not_believed_with_it(bad_night: BadNight) -> None:
    """The fixture looks for the secret in the log, the journal, the notes and the attempts."""
    attempt = bad_night(says(f"no such key: {SECRET}".encode(), "text/plain", 403))
    assert attempt.detail == "HTTP 403 no such key: ***"


def test_headers_that_send_the_secret_back_are_kept_without_it(bad_night: BadNight) -> None:
    attempt = bad_night(says(faults.PAGE, "text/html", X_Echo=SECRET, Set_Cookie="session=1"))
    assert attempt.rejected is not None
    assert attempt.rejected.headers["x-echo"] == "***"
    assert "set-cookie" not in attempt.rejected.headers
