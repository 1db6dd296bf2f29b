"""Vintages: a revision is a row, the same again is none, and what is gone is told and stays."""

from collections.abc import Sequence
from itertools import groupby

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.sources.vintages import Step, next_step, nothing_written, vanished, written_fields

LEDGER = "provincial_statistics"
Figures = dict[str, str]


def rows(figures: Sequence[tuple[str, str]], published_on: str = "2026-03-01", **fields: str) -> pl.DataFrame:
    constants = {"year": "2024", "indicator": "fdi_usd", "unit": "USD_10K", "published_on": published_on}
    records = [constants | {"region_code": region, "value": value} | fields for region, value in figures]
    return pl.DataFrame(records, schema=dict.fromkeys(written_fields(LEDGER), pl.String))


def steps(*answers: tuple[str, pl.DataFrame], taken: bool = False, last_counts: bool = False) -> list[Step]:
    """Give the step of each answer, a request and its rows."""
    written, made = nothing_written(LEDGER), []
    for request, said in answers:
        made.append(
            next_step(
                written,
                said,
                ledger=LEDGER,
                request=request,
                last_counts=last_counts,
                publication_is_taken=taken,
            )
        )
        written = made[-1].written
    return made


def added(step: Step) -> list[tuple[str, ...]]:
    return step.added.select("region_code", "value").rows()


def test_a_revision_there_and_back_makes_three_vintages() -> None:
    there, back = rows([("110000", "1")]), rows([("110000", "2")])
    made = steps(("", there), ("", back), ("", there))
    assert [added(step) for step in made] == [[("110000", "1")], [("110000", "2")], [("110000", "1")]]


def test_the_same_again_adds_nothing_on_whatever_day_it_is_published() -> None:
    made = steps(("", rows([("110000", "1")])), ("", rows([("110000", "1")], "2026-04-01")))
    assert added(made[1]) == []
    assert made[1].written["published_on"].to_list() == ["2026-03-01"]


def test_another_scope_or_unit_is_a_revision() -> None:
    first = rows([("110000", "1")])
    for fields in ({"scope": "新口径"}, {"unit": "USD_100M"}):
        assert len(added(steps(("", first), ("", rows([("110000", "1")], **fields)))[1])) == 1


def test_a_blank_and_a_text_are_not_the_same() -> None:
    made = steps(("", rows([("110000", "1")], scope="新口径")), ("", rows([("110000", "1")])))
    assert added(made[1]) == [("110000", "1")]


def test_what_is_gone_is_told_stays_and_is_no_revision_when_it_comes_back() -> None:
    both = rows([("110000", "1"), ("120000", "2")])
    made = steps(("", both), ("", rows([("110000", "1")])), ("", both))
    assert [vanished(step.written)["region_code"].to_list() for step in made] == [[], ["120000"], []]
    assert (added(made[1]), added(made[2])) == ([], [])
    assert made[1].written.height == 2


def test_another_request_does_not_make_anything_vanish() -> None:
    made = steps(("2023", rows([("110000", "1")])), ("2024", rows([("120000", "2")])))
    assert vanished(made[1].written).is_empty()


def test_what_an_answer_contradicts_itself_on_is_not_written() -> None:
    made = steps(
        ("", rows([("110000", "1")])), ("", rows([("110000", "2"), ("110000", "3"), ("120000", "4")]))
    )
    assert added(made[1]) == [("120000", "4")]
    assert [thing.split("\x1e")[0] for thing in made[1].contradicted] == ["110000"]
    assert vanished(made[1].written).is_empty()


def test_saying_the_same_twice_is_no_contradiction() -> None:
    made = steps(("", rows([("110000", "1"), ("110000", "1")])))
    assert (added(made[0]), made[0].contradicted) == ([("110000", "1")], [])


def test_of_a_ledgers_own_rows_the_last_of_a_thing_is_meant() -> None:
    made = steps(("", rows([("110000", "1"), ("110000", "2")])), last_counts=True)
    assert (added(made[0]), made[0].contradicted) == ([("110000", "2")], [])


def test_a_day_of_publication_that_comes_from_the_fetch_never_goes_back() -> None:
    answers = [("", rows([("110000", "1")], "2026-03-02")), ("", rows([("110000", "2")], "2026-03-01"))]
    assert steps(*answers, taken=True)[1].added["published_on"].to_list() == ["2026-03-02"]
    assert steps(*answers, taken=False)[1].added["published_on"].to_list() == ["2026-03-01"]


REGIONS = st.sampled_from(["110000", "120000", "130000"])
ANSWERS = st.lists(st.dictionaries(REGIONS, st.sampled_from(["1", "2"])), max_size=8)


@settings(max_examples=40, deadline=None)
@given(ANSWERS)
def test_each_change_of_what_is_said_is_a_row_and_nothing_else_is(answers: list[Figures]) -> None:
    made = steps(*(("", rows(list(figures.items()))) for figures in answers))
    for region in ("110000", "120000", "130000"):
        said = [figures[region] for figures in answers if region in figures]
        wrote = [value for step in made for named, value in added(step) if named == region]
        assert wrote == [value for value, _ in groupby(said)]


@settings(max_examples=25, deadline=None)
@given(ANSWERS)
def test_repeating_every_answer_changes_nothing(answers: list[Figures]) -> None:
    once = [("", rows(list(figures.items()))) for figures in answers]
    twice = [answer for answer in once for _ in range(2)]
    assert [added(step) for step in steps(*twice)[::2]] == [added(step) for step in steps(*once)]
    assert all(not added(step) for step in steps(*twice)[1::2])
