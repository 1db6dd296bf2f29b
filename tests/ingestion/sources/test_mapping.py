"""From the columns of an answer to the fields of a ledger, and what is refused of a mapping."""

from datetime import datetime
from typing import Any

import pytest
from pydantic import ValidationError

from ingestion.sources.answers import Answer
from ingestion.sources.errors import AnswerUnreadableError
from ingestion.sources.formats import Table
from ingestion.sources.mapping import SourceMapping

STATISTICS = {
    "region_code": "region",
    "year": "year",
    "indicator": {"constant": "fdi_usd"},
    "value": "value",
    "unit": {"constant": "USD_10K"},
    "published_on": {"taken_from": "fetched_on"},
}
TABLE = Table.of(["region", "year", "value"], [["北京市", "2024年", "12"], [None, "2023年", "…"]])


def answer(**headers: str) -> Answer:
    fetched_at = datetime.fromisoformat("2026-03-01T02:00:00")
    return Answer(
        "exports", "", fetched_at, "0" * 64, 1, headers={k.replace("_", "-"): v for k, v in headers.items()}
    )


def laid_out(field: str, origin: Any, table: Table = TABLE, **headers: str) -> list[str | None]:
    mapping = SourceMapping.model_validate(STATISTICS | {field: origin})
    return mapping.lay_out(table, "provincial_statistics", answer(**headers))[field].to_list()


def test_columns_and_constants_and_what_is_not_mapped() -> None:
    rows = SourceMapping.model_validate(STATISTICS).lay_out(TABLE, "provincial_statistics", answer())
    assert rows.rows()[0] == ("北京市", "2024年", "fdi_usd", "12", "USD_10K", None, "2026-03-01", None, None)


def test_a_pattern_takes_out_its_group_and_values_say_what_it_becomes() -> None:
    table = Table.of(
        ["指标", "region", "year", "value"],
        [["外商直接投资（ 千美元 ）", "x", "x", "x"], ["其他", "x", "x", "x"]],
    )
    origin = {"column": "指标", "pattern": "（(.+)）", "values": {"千美元": "USD_1K"}}
    assert laid_out("unit", origin, table) == ["USD_1K", "其他"]


@pytest.mark.parametrize(
    ("stated", "day"),
    [
        pytest.param("Sat, 28 Feb 2026 15:59:59 GMT", "2026-02-28", id="before midnight in Shanghai"),
        pytest.param("Sat, 28 Feb 2026 16:00:00 GMT", "2026-03-01", id="midnight in Shanghai"),
        pytest.param("Sat, 28 Feb 2099 16:00:00 GMT", "2026-03-01", id="later than the fetch"),
        pytest.param("yesterday", "2026-03-01", id="no moment"),
        pytest.param(None, "2026-03-01", id="no header"),
    ],
)
def test_the_day_of_publication_is_that_of_the_header(stated: str | None, day: str) -> None:
    headers = {} if stated is None else {"last_modified": stated}
    assert laid_out("published_on", {"taken_from": "last_modified"}, **headers) == [day, day]


def test_without_a_mapping_each_field_has_the_column_of_its_name() -> None:
    table = Table.of(["uscc", "tier", "valid_from", "其他"], [["C1", "champion", "2025-01-01", "x"]])
    rows = SourceMapping().lay_out(table, "honours", answer())
    assert rows.rows(named=True) == [
        {"uscc": "C1", "tier": "champion", "valid_from": "2025-01-01", "valid_to": None, "void": None}
    ]


@pytest.mark.parametrize(
    ("mapping", "ledger"),
    [
        pytest.param({}, "honours", id="a required field without a mapping"),
        pytest.param(STATISTICS | {"scope": "口径"}, "provincial_statistics", id="a column that is named"),
    ],
)
def test_a_column_that_is_needed_and_absent_is_told(mapping: dict[str, Any], ledger: str) -> None:
    with pytest.raises(AnswerUnreadableError) as refused:
        SourceMapping.model_validate(mapping).lay_out(TABLE, ledger, answer())
    assert refused.value.case_id == "absent_column"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        pytest.param({"colour": "x"}, "colour: provincial_statistics has no such field", id="no such field"),
        pytest.param({"recorded_at": "x"}, "can't be mapped", id="the moment of recording"),
        pytest.param(
            {"year": None}, "year: the required field is missing", id="a required field is not mapped"
        ),
        pytest.param({"scope": "口径"}, "no column 口径", id="a column that the shape never has"),
        pytest.param(
            {"indicator": {"constant": "fdi"}},
            "expected what is stated to be of export_cny、fdi_usd",
            id="a constant not listed",
        ),
        pytest.param(
            {"indicator": {"column": "value", "values": {"外资": "fdi"}}},
            "expected what is stated to be of export_cny、fdi_usd",
            id="a value not listed",
        ),
        pytest.param({"unit": {"constant": "斤"}}, "be of CNY_100M", id="a unit that nobody knows"),
        pytest.param({"value": {"taken_from": "fetched_on"}}, "is for published_on", id="a day as a figure"),
    ],
)
def test_what_a_mapping_onto_a_ledger_must_not_say(change: dict[str, Any], said: str) -> None:
    stated = {field: origin for field, origin in (STATISTICS | change).items() if origin is not None}
    told = frozenset({"region", "year", "value"})
    problems = SourceMapping.model_validate(stated).problems("provincial_statistics", told)
    assert [en for zh, en in problems if said in en and zh != en]


def test_a_right_mapping_has_no_problems() -> None:
    mapping = SourceMapping.model_validate(STATISTICS)
    assert mapping.problems("provincial_statistics", frozenset({"region", "year", "value"})) == []


@pytest.mark.parametrize(
    "origin",
    [
        pytest.param({}, id="no origin"),
        pytest.param({"column": "a", "constant": "b"}, id="two origins"),
        pytest.param({"constant": "a", "values": {"a": "b"}}, id="values of a constant"),
        pytest.param({"column": "a", "pattern": "("}, id="no pattern"),
        pytest.param({"column": "a", "pattern": "a+"}, id="a pattern without a group"),
        pytest.param({"column": "a", "pattern": "(a+)+"}, id="a repeated repetition"),
        pytest.param({"column": "a", "colour": "b"}, id="an unknown key"),
    ],
)
def test_what_an_origin_must_not_say(origin: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        SourceMapping.model_validate({"value": origin})
