"""How a source stands, and what the night tells the warehouse of it: by what it is asked now, at a moment."""

from collections.abc import Callable
from datetime import datetime, timedelta

import polars as pl

from ingestion.sources.configuration import Source, Sources
from ingestion.sources.problems import PROBLEMS_SCHEMA
from ingestion.sources.standing import Standing, sources_tonight, standings
from tests.ingestion.sources import fault_server as faults
from tests.ingestion.sources.conftest import KEYED, SECRET, Nights, source_text
from tests.ingestion.sources.fault_server import FaultServer, Handler, says

Load = Callable[..., tuple[Source, ...]]
FIGURES = b"name,value\nA,1\n"
ONE_OCLOCK = datetime(2026, 3, 1, 1)  # noqa: DTZ001 (Shanghai's wall clock)
YEARLY = 'parameters = { year = "{year}" }\nyears = { first = 2023, count = 2 }'


def only_2023(handler: Handler) -> None:
    """Answer for 2023 alone."""
    (says(FIGURES) if "year=2023" in handler.path else says(b"", None, 404))(handler)


def standing(nights: Nights, *sources: Source) -> Standing:
    (found,) = standings(Sources(sources), nights.home, nights.at)
    return found


def test_a_source_that_was_never_asked_is_due_and_has_no_success(
    server: FaultServer, nights: Nights, load: Load
) -> None:
    found = standing(nights, *load(source_text(server.url)))
    assert (found.attempted_at, found.succeeded_at, found.is_due) == (None, None, True)
    assert found.failing.is_empty()
    assert found.next_at == ONE_OCLOCK + timedelta(days=1)


def test_a_source_has_succeeded_when_the_last_of_its_requests_has(
    server: FaultServer, nights: Nights, load: Load
) -> None:
    (source,) = load(source_text(server.url, request=YEARLY))
    server.answer(only_2023)
    nights.fetch(source)
    found = standing(nights, source)
    assert (found.succeeded_at, found.attempted_at) == (None, ONE_OCLOCK)
    assert found.failing["request"].to_list() == ["2024"]
    [reason] = found.reasons
    assert reason.startswith(
        "2024 对方称没有所请求的内容（HTTP 404 或 410） / what is asked for is not there"
    )
    server.answer(says(FIGURES))
    nights.fetch(source)
    assert standing(nights, source).succeeded_at == ONE_OCLOCK + timedelta(hours=1)
    server.answer(only_2023)
    nights.fetch(source)
    found = standing(nights, source)
    assert found.succeeded_at == ONE_OCLOCK + timedelta(hours=1), "what answers again is as old as its eldest"


def test_the_night_is_told_of_the_attempts_at_what_is_asked_now_up_to_its_moment(
    server: FaultServer, nights: Nights, load: Load
) -> None:
    (source,) = load(source_text(server.url, request=YEARLY))
    server.answer(only_2023)
    nights.fetch(source)
    nights.fetch(source, years=[1999])
    server.answer(says(FIGURES))
    nights.fetch(source)
    outside = sources_tonight(Sources((source,)), nights.home, pl.DataFrame(schema=PROBLEMS_SCHEMA))
    now, then = (outside.tables(ONE_OCLOCK + timedelta(hours=hours)) for hours in (2, 1))
    assert now["source_attempts"].select("request", "outcome").rows() == [
        *[("2023", "changed"), ("2024", "failed"), ("2023", "unchanged"), ("2024", "changed")]
    ]
    assert then["source_attempts"].select("request", "outcome").rows() == [
        *[("2023", "changed"), ("2024", "failed")]
    ]
    assert outside.failing(ONE_OCLOCK + timedelta(hours=1)) == ["exports"]
    assert outside.failing(ONE_OCLOCK + timedelta(hours=2)) == []
    assert [str(days) for days in now["sources"]["fresh_within_days"]] == ["1.000"]


def test_a_problem_is_told_while_it_stands(server: FaultServer, nights: Nights, load: Load) -> None:
    problem = {"source": "exports", "request": "", "case_id": "vanished", "row_identity": "A"}
    times = {"fetched_at": ONE_OCLOCK, "resolved_at": ONE_OCLOCK + timedelta(hours=2)}
    problems = pl.DataFrame([problem | times], schema=PROBLEMS_SCHEMA)
    outside = sources_tonight(Sources(load(source_text(server.url))), nights.home, problems)
    told = [
        outside.tables(ONE_OCLOCK + timedelta(hours=hours))["source_problems"].height
        for hours in (-1, 0, 1, 2)
    ]
    assert told == [0, 1, 1, 0]


def test_answers_are_named_for_the_release_without_their_addresses(
    server: FaultServer, nights: Nights, load: Load
) -> None:
    sources = load(source_text(server.url, request=KEYED))
    server.answer(says(FIGURES), faults.a_page(403))
    nights.fetch(*sources)
    nights.fetch(*sources)
    outside = sources_tonight(Sources(sources), nights.home, pl.DataFrame(schema=PROBLEMS_SCHEMA))
    [answer] = outside.answers.rows(named=True)
    assert (answer["path"], answer["kind"]) == ("sources/exports/answers/all/20260301T010000", "answer")
    assert answer["sha256"] == nights.answers()[0].sha256
    assert SECRET not in str(outside)
