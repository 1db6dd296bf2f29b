"""What sources answer on good nights: kept once, asked for again only when it has changed, secrets put in."""

import json
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import trustme

from ingestion.sources.answers import Answer, Attempt
from ingestion.sources.configuration import Source
from ingestion.sources.fetching import fetch
from tests.ingestion.sources import fault_server as faults
from tests.ingestion.sources.conftest import KEYED, SECRET, Listener, Nights, check, source_text
from tests.ingestion.sources.fault_server import FaultServer, running, says, unchanged_or

FIGURES = "name,value\n示例,1\n".encode()
REVISED = "name,value\n示例,2\n".encode()
YEARS = 'parameters = { year = "{year}" }\nyears = { first = 2023, count = 2 }'

Load = Callable[..., tuple[Source, ...]]


def outcomes(made: tuple[Attempt, ...]) -> list[str]:
    return [attempt.outcome for attempt in made]


@pytest.fixture
def answered(server: FaultServer, nights: Nights, load: Load) -> Callable[..., Attempt]:
    """Give the attempt that is answered with some bytes of some media type."""

    def ask(body: bytes, media_type: str | None) -> Attempt:
        server.answer(says(body, media_type))
        (attempt,) = nights.fetch(*load(source_text(server.url)))
        return attempt

    return ask


def test_an_answer_is_archived_with_its_headers(server: FaultServer, nights: Nights, load: Load) -> None:
    (source,) = load(source_text(server.url))
    server.answer(says(FIGURES, "Text/CSV; Charset=UTF-8", ETag='"1"'))
    (attempt,) = nights.fetch(source)
    (answer,) = nights.answers()
    assert attempt.answer == answer
    assert (attempt.outcome, attempt.status, attempt.tries) == ("changed", 200, 1)
    assert (answer.source, answer.request, answer.url) == ("exports", "", server.url)
    assert (answer.media_type, answer.charset, answer.size_bytes) == ("text/csv", "utf-8", len(FIGURES))
    assert answer.fetched_at == datetime(2026, 3, 1, 1)  # noqa: DTZ001 (Shanghai's wall clock)
    assert answer.headers["etag"] == '"1"'
    assert nights.body(answer) == FIGURES


def test_the_moment_of_an_answer_is_on_the_clock_of_shanghai(
    server: FaultServer, nights: Nights, load: Load
) -> None:
    server.answer(says(FIGURES))
    nights.fetch(*load(source_text(server.url)), now=lambda: datetime(2026, 3, 1, 23, tzinfo=UTC))
    assert nights.answers()[0].fetched_at == datetime(2026, 3, 2, 7)  # noqa: DTZ001 (likewise)


@pytest.mark.parametrize("validator", [{"ETag": 'W/"1"'}, {"Last_Modified": "Sun, 01 Mar 2026 00:00:00 GMT"}])
def test_what_has_not_changed_is_not_sent_again(
    server: FaultServer, nights: Nights, load: Load, validator: dict[str, str]
) -> None:
    (source,) = load(source_text(server.url))
    server.answer(unchanged_or(FIGURES, **validator))
    (first,) = nights.fetch(source)
    for _ in range(2):
        (again,) = nights.fetch(source)
        assert (again.outcome, again.status, again.answer) == ("unchanged", 304, first.answer)
    assert len(nights.answers()) == 1
    assert nights.journal["outcome"].to_list() == ["changed", "unchanged", "unchanged"]


def test_who_wants_everything_anew_gets_it(server: FaultServer, nights: Nights, load: Load) -> None:
    (source,) = load(source_text(server.url))
    server.answer(unchanged_or(FIGURES, ETag='"1"'))
    nights.fetch(source)
    (again,) = nights.fetch(source, conditional=False)
    assert (again.outcome, again.status) == ("unchanged", 200)


def test_an_answer_that_is_gone_from_the_archive_is_asked_for_anew(
    server: FaultServer, nights: Nights, load: Load
) -> None:
    (source,) = load(source_text(server.url))
    server.answer(unchanged_or(FIGURES, ETag='"1"'))
    (first,) = nights.fetch(source)
    assert first.answer is not None
    sha256 = first.answer.sha256
    (nights.home / "archive" / "sha256" / sha256[:2] / sha256).unlink()
    assert outcomes(nights.fetch(source)) == ["changed"]


def test_another_question_is_not_told_that_nothing_has_changed(
    server: FaultServer, nights: Nights, load: Load
) -> None:
    server.answer(unchanged_or(FIGURES, ETag='"1"'))
    nights.fetch(*load(source_text(server.url)))
    nights.fetch(*load(source_text(server.url, request='parameters = { indicator = "2" }')))
    assert "if-none-match" not in server.asked[-1].headers


def test_the_same_bytes_are_no_new_answer_and_their_new_etag_is_remembered(
    server: FaultServer, nights: Nights, load: Load
) -> None:
    (source,) = load(source_text(server.url))
    server.answer(says(FIGURES, ETag='"1"'), says(FIGURES, ETag='"2"'))
    (first,), (second,) = nights.fetch(source), nights.fetch(source)
    assert first.answer is not None
    assert second.answer is not None
    assert second.outcome == "unchanged"
    assert second.answer.fetched_at == first.answer.fetched_at
    nights.fetch(source)
    assert server.asked[-1].headers["if-none-match"] == '"2"'
    assert len(nights.answers()) == 1


def test_a_revision_and_its_taking_back_are_answers_of_their_own(
    server: FaultServer, nights: Nights, load: Load
) -> None:
    (source,) = load(source_text(server.url))
    server.answer(says(FIGURES), says(REVISED), says(FIGURES))
    for _ in range(3):
        nights.fetch(source)
    assert [nights.body(answer) for answer in nights.answers()] == [FIGURES, REVISED, FIGURES]


def test_a_failed_night_does_not_make_the_next_forget(
    server: FaultServer, nights: Nights, load: Load
) -> None:
    (source,) = load(source_text(server.url))
    server.answer(says(FIGURES, ETag='"1"'), faults.a_page(403), unchanged_or(FIGURES, ETag='"1"'))
    made = [outcomes(nights.fetch(source)) for _ in range(3)]
    assert made == [["changed"], ["failed"], ["unchanged"]]


def test_each_year_is_a_request_of_its_own(server: FaultServer, nights: Nights, load: Load) -> None:
    (source,) = load(source_text(server.url, request=YEARS))
    server.answer(says(FIGURES), faults.a_page(404))
    made = nights.fetch(source)
    assert [(attempt.request, attempt.outcome) for attempt in made] == [
        ("2023", "changed"),
        ("2024", "failed"),
    ]
    assert [asked.path for asked in server.asked] == ["/figures?year=2023", "/figures?year=2024"]


def test_each_year_is_held_against_its_own_answer(server: FaultServer, nights: Nights, load: Load) -> None:
    (source,) = load(source_text(server.url, request=YEARS))
    server.answer(says(FIGURES, ETag='"1"'), says(REVISED, ETag='"2"'))
    nights.fetch(source)
    server.answer(unchanged_or(FIGURES, ETag='"1"'), unchanged_or(REVISED, ETag='"2"'))
    assert [(attempt.outcome, attempt.status) for attempt in nights.fetch(source)] == [("unchanged", 304)] * 2


def test_other_years_are_fetched_on_demand(server: FaultServer, nights: Nights, load: Load) -> None:
    (source,) = load(source_text(server.url, request=YEARS))
    server.answer(says(FIGURES))
    made = nights.fetch(source, years=range(2010, 2013))
    assert [attempt.request for attempt in made] == ["2010", "2011", "2012"]


def test_a_range_of_years_is_one_request(server: FaultServer, nights: Nights, load: Load) -> None:
    request = """
method = "POST"
json = { cid = "c1", dts = ["{first_year}YY-{last_year}YY"], showType = "3" }
years = { first = 2019, count = 6 }
"""
    (source,) = load(source_text(server.url, request=request))
    server.answer(says(FIGURES))
    assert [attempt.request for attempt in nights.fetch(source)] == ["2019-2024"]
    (asked,) = server.asked
    assert (asked.method, asked.headers["content-type"]) == ("POST", "application/json")
    assert json.loads(asked.body) == {"cid": "c1", "dts": ["2019YY-2024YY"], "showType": "3"}


def test_what_is_sent(server: FaultServer, nights: Nights, load: Load) -> None:
    request = f'headers = {{ Referer = "https://example.cn/" }}\nparameters = {{ "地区" = "全国" }}\n{KEYED}'
    server.answer(says(FIGURES))
    nights.fetch(*load(source_text(server.url, request=request)))
    (asked,) = server.asked
    assert parse_qs(urlsplit(asked.path).query) == {"地区": ["全国"], "k": [SECRET]}
    assert asked.headers["x-key"] == SECRET
    assert asked.headers["referer"] == "https://example.cn/"
    assert asked.headers["accept"].startswith("text/csv, ")
    assert "if-none-match" not in asked.headers


def test_a_failure_that_passes_is_tried_again(server: FaultServer, nights: Nights, load: Load) -> None:
    server.answer(faults.a_page(500), faults.cut_short(FIGURES), says(FIGURES))
    (attempt,) = nights.fetch(*load(source_text(server.url)))
    assert (attempt.outcome, attempt.tries) == ("changed", 3)


def test_retry_after_is_waited_for(server: FaultServer, nights: Nights, load: Load) -> None:
    server.answer(says(b"", None, 429, Retry_After="1"), says(FIGURES))
    started = time.monotonic()
    made = nights.fetch(*load(source_text(server.url, limits="longest_retry_after_seconds = 1")))
    assert outcomes(made) == ["changed"]
    assert time.monotonic() - started >= 1


@pytest.mark.parametrize(("asked", "seconds"), [("3600", 3600), ("999999999", 86400)])
def test_a_source_that_asks_for_a_long_wait_is_left_alone_for_a_day_at_most(
    server: FaultServer, nights: Nights, load: Load, asked: str, seconds: int
) -> None:
    server.answer(says(FIGURES), says(b"", None, 429, Retry_After=asked))
    (source,) = load(source_text(server.url, request=YEARS.replace("count = 2", "count = 4")))
    made = nights.fetch(source)
    assert [(attempt.case_id, attempt.tries) for attempt in made] == [
        (None, 1),
        ("rate_limited", 1),
        ("rate_limited", 0),
        ("rate_limited", 0),
    ]
    assert len(server.asked) == 2
    until = made[-1].attempted_at + timedelta(seconds=seconds)
    assert nights.journal["leave_alone_until"].to_list() == [None, until, until, until]


def test_a_packed_answer_is_archived_unpacked(server: FaultServer, nights: Nights, load: Load) -> None:
    server.answer(faults.packed(FIGURES))
    nights.fetch(*load(source_text(server.url)))
    assert nights.body(nights.answers()[0]) == FIGURES


@pytest.mark.parametrize(
    ("body", "media_type", "charset"),
    [
        (FIGURES, "text/csv", "utf-8"),
        (b"\xef\xbb\xbf" + FIGURES, "text/csv; charset=utf-8", "utf-8"),
        (FIGURES.decode().encode("gb18030"), "text/csv", "gb18030"),
        (FIGURES.decode().encode("gb18030"), "text/csv; charset=GB2312", "gb18030"),
        (FIGURES.decode().encode("gb18030"), None, "gb18030"),
        (b"name,value\nA,1\n", "text/csv; charset=iso-8859-1", "utf-8"),
    ],
    ids=["utf-8", "byte-order mark", "gb18030", "gb2312 says so", "nothing said", "ascii says anything"],
)
def test_encodings_are_told_apart(
    answered: Callable[..., Attempt], body: bytes, media_type: str | None, charset: str
) -> None:
    answer = answered(body, media_type).answer
    assert answer is not None
    assert answer.charset == charset


def test_the_entry_knows_the_encoding_better_than_the_source(
    server: FaultServer, nights: Nights, load: Load
) -> None:
    server.answer(says(FIGURES.decode().encode("gb18030"), "text/csv; charset=utf-8"))
    made = nights.fetch(*load(source_text(server.url, request='encoding = "gb18030"')))
    assert outcomes(made) == ["changed"]


def test_a_redirect_on_its_own_host_is_followed_with_the_secret(
    server: FaultServer, nights: Nights, load: Load
) -> None:
    server.answer(faults.redirects("/moved?page=1"), says(FIGURES))
    assert outcomes(nights.fetch(*load(source_text(server.url, request=KEYED)))) == ["changed"]
    assert server.asked[1].path == "/moved?page=1"
    assert server.asked[1].headers["x-key"] == SECRET


def test_a_redirect_to_an_allowed_host_takes_no_secret_along(
    server: FaultServer, elsewhere: FaultServer, nights: Nights, load: Load
) -> None:
    server.answer(faults.redirects(elsewhere.url))
    elsewhere.answer(says(FIGURES))
    (source,) = load(source_text(server.url, request=f'{KEYED}\nredirects_to = ["localhost"]'))
    assert outcomes(nights.fetch(source)) == ["changed"]
    assert SECRET not in str(elsewhere.asked)
    assert "x-key" not in elsewhere.asked[0].headers


def test_a_redirect_to_another_port_of_its_host_takes_no_secret_along(
    server: FaultServer, nights: Nights, load: Load
) -> None:
    with running() as other:
        server.answer(faults.redirects(other.url))
        other.answer(says(FIGURES))
        assert outcomes(nights.fetch(*load(source_text(server.url, request=KEYED)))) == ["changed"]
        assert "x-key" not in other.asked[0].headers


def test_a_redirect_that_holds_the_secret_does_not_leave_the_host(
    server: FaultServer, elsewhere: FaultServer, nights: Nights, load: Load
) -> None:
    (source,) = load(source_text(server.url, request=f'{KEYED}\nredirects_to = ["localhost"]'))
    server.answer(faults.redirects(f"{elsewhere.url}?k={SECRET}"))
    (attempt,) = nights.fetch(source)
    assert attempt.case_id == "redirect_refused"
    assert elsewhere.asked == []


def test_a_certificate_of_the_configured_authority_will_do(
    secure_server: FaultServer, nights: Nights, load: Load, authority: tuple[trustme.CA, Path]
) -> None:
    secure_server.answer(says(FIGURES))
    (source,) = load(source_text(secure_server.url, request=f'{KEYED}\nca_file = "{authority[1]}"'))
    assert outcomes(nights.fetch(source)) == ["changed"]


def test_a_certificate_that_nobody_vouches_for_gets_nothing(
    secure_server: FaultServer, nights: Nights, load: Load
) -> None:
    (attempt,) = nights.fetch(*load(source_text(secure_server.url, request=KEYED)))
    assert (attempt.case_id, attempt.tries) == ("tls_failed", 1)
    assert "CERTIFICATE_VERIFY_FAILED" in attempt.detail
    assert secure_server.asked == []


def test_a_redirect_from_https_to_http_is_refused(
    secure_server: FaultServer,
    server: FaultServer,
    nights: Nights,
    load: Load,
    authority: tuple[trustme.CA, Path],
) -> None:
    secure_server.answer(faults.redirects(server.url))
    (source,) = load(source_text(secure_server.url, request=f'ca_file = "{authority[1]}"'))
    (attempt,) = nights.fetch(source)
    assert attempt.case_id == "redirect_refused"
    assert server.asked == []


def test_a_register_that_is_a_file(tmp_path: Path, nights: Nights, load: Load) -> None:
    register = tmp_path / "register 2.csv"
    register.write_bytes(FIGURES)
    for url in (register.as_uri(), str(register), register.name):
        (source,) = load(source_text(url, name=f"s{len(nights.journal)}"))
        (attempt,) = nights.fetch(source)
        assert attempt.answer is not None
        assert attempt.outcome == "changed"
        assert attempt.answer.headers["last-modified"].endswith(" GMT")
    assert outcomes(nights.fetch(source)) == ["unchanged"]
    register.write_bytes(REVISED)
    assert outcomes(nights.fetch(source)) == ["changed"]


def test_a_register_that_is_not_laid_down(tmp_path: Path, nights: Nights, load: Load) -> None:
    (tmp_path / "folder").mkdir()
    missing, folder = load(source_text("none.csv"), source_text("folder", name="folder"))
    assert [attempt.case_id for attempt in nights.fetch(missing, folder)] == ["no_file", "no_file"]


def test_a_register_that_is_too_large(tmp_path: Path, nights: Nights, load: Load) -> None:
    (tmp_path / "register.csv").write_bytes(b"0" * 11)
    exact, one_less = load(
        source_text("register.csv", limits="largest_bytes = 11"),
        source_text("register.csv", name="smaller", limits="largest_bytes = 10"),
    )
    assert [attempt.case_id for attempt in nights.fetch(exact, one_less)] == [None, "too_large"]


def test_one_sources_trouble_delays_no_other(server: FaultServer, nights: Nights, load: Load) -> None:
    with running() as slow:
        slow.answer(faults.silence)
        server.answer(says(FIGURES))
        limits = "network_seconds = 9\ntotal_seconds = 0.6"
        sources = load(
            source_text(slow.url, name="slow", limits=limits),
            *(source_text(server.url, name=f"s{number}") for number in range(6)),
        )
        made = nights.fetch(*sources)
    assert [attempt.case_id for attempt in made] == ["over_budget", *[None] * 6]
    assert [attempt.source for attempt in made] == [source.name for source in sources]
    assert nights.journal["source"].to_list()[-1] == "slow"


def test_the_budget_is_one_for_all_requests_of_a_source(
    server: FaultServer, nights: Nights, load: Load
) -> None:
    server.answer(says(FIGURES), faults.silence)
    years = YEARS.replace("count = 2", "count = 20")
    (source,) = load(
        source_text(server.url, request=years, limits="network_seconds = 9\ntotal_seconds = 0.3")
    )
    started = time.monotonic()
    made = nights.fetch(source)
    assert time.monotonic() - started < 1
    assert [attempt.case_id for attempt in made] == [None, *["over_budget"] * 19]
    assert len(server.asked) == 2


def test_names_that_nobody_resolves_are_not_waited_for(
    nights: Nights, load: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    released = threading.Event()
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: released.wait(5))
    (source,) = load(
        source_text("https://statistics.example.cn/x", limits="total_seconds = 0.2\nnetwork_seconds = 9")
    )
    started = time.monotonic()
    (attempt,) = nights.fetch(source)
    released.set()
    assert attempt.case_id == "over_budget"
    assert time.monotonic() - started < 1


def test_a_bug_comes_out_after_the_others_are_served(server: FaultServer, nights: Nights, load: Load) -> None:
    def crash(source: Source, answer: Answer, body: bytes) -> None:
        if source.name == "broken":
            raise ZeroDivisionError
        check(source, answer, body)

    server.answer(says(FIGURES))
    sources = load(source_text(server.url, name="broken"), source_text(server.url, name="sound"))
    with pytest.raises(ZeroDivisionError):
        nights.fetch(*sources, check=crash)
    assert nights.journal["source"].to_list() == ["sound"]


def test_sources_may_be_fetched_from_several_threads(server: FaultServer, nights: Nights, load: Load) -> None:
    server.answer(says(FIGURES))
    sources = load(*(source_text(server.url, name=f"s{number}") for number in range(8)))

    def ask(source: Source) -> None:
        fetch(source, nights.home, now=lambda: nights.at, check=check, progress=Listener())

    threads = [threading.Thread(target=ask, args=(source,)) for source in sources]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(nights.journal["source"]) == [source.name for source in sources]
    assert set(nights.journal["outcome"]) == {"changed"}


def test_nothing_is_left_behind(server: FaultServer, nights: Nights, load: Load) -> None:
    server.answer(faults.packed(FIGURES), faults.cut_short(FIGURES))
    (source,) = load(source_text(server.url))
    nights.fetch(source)
    nights.fetch(source)
    archive = nights.home / "archive"
    assert sorted(path.name for path in archive.iterdir()) == ["answers.parquet", "sha256"]
