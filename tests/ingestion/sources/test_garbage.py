"""Whatever a source sends is a table or is refused; none of it brings a night down. Figures are invented."""

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.sources.answers import Answer
from ingestion.sources.entries import Source
from ingestion.sources.errors import AnswerUnreadableError
from ingestion.sources.rows import read_rows
from ingestion.sources.vintages import Step, next_step, nothing_written

STATISTICS = {
    "region_code": "region",
    "year": "year",
    "indicator": {"constant": "fdi_usd"},
    "value": "value",
    "unit": {"constant": "千美元"},
    "published_on": {"taken_from": "fetched_on"},
}
YEARBOOK = '指标：外资\n地区,2024年,2023年\n全国,9,8\n北京,"1,234",…\n注：虚构\n'
RECORDS = '{"rows": [{"a": "北京", "y": 2024, "v": [1.5e3]}, {"a": "全国", "y": "2023年", "v": [null]}]}'
EASYQUERY = """{"returncode": 200, "returndata": {"datanodes": [
  {"data": {"data": 0.0, "hasdata": false}, "wds": [{"wdcode": "reg", "valuecode": "110000"}]}],
  "wdnodes": [{"wdcode": "reg", "nodes": [{"code": "110000", "cname": "北京市"}]}]}}"""
ES_DATA = '{"data": [{"name": "2024年", "values": [{"da_name": "北京", "value": "1"}]}]}'
REGISTER = "uscc,tier,valid_from,recorded_at\nC1,champion,2025-01-01,2025-01-01T00:00:00\n"

SHAPES: dict[str, tuple[dict[str, Any], str]] = {
    "csv_table": ({}, YEARBOOK),
    "json_table": ({"records": "rows", "columns": {"region": "a", "year": "y", "value": "v.0"}}, RECORDS),
    "easyquery": ({}, EASYQUERY),
    "es_data": ({}, ES_DATA),
    "ledger_csv": ({}, REGISTER),
}
PIECES = st.sampled_from(
    [
        '"',
        ",",
        "\n",
        "\r",
        "\x00",
        "{",
        "}",
        "[",
        "]",
        "null",
        "true",
        "-1e99999",
        "\\ud800",
        "：",
        "\ufeff",
        "0",
    ]
)
SPOILING = st.lists(st.tuples(st.floats(0, 1), st.sampled_from([0, 1, 3, 20]), PIECES), max_size=4)


@pytest.mark.parametrize("kind", SHAPES)
@settings(max_examples=40, deadline=None)
@given(spoiling=SPOILING, tail=st.binary(max_size=3))
def test_a_spoilt_answer_is_read_or_refused(
    kind: str, spoiling: list[tuple[float, int, str]], tail: bytes
) -> None:
    options, body = SHAPES[kind]
    source = source_of(kind, options)
    for share, length, piece in spoiling:
        place = round(share * len(body))
        body = body[:place] + piece + body[place + length :]
    step, detail = taken_in(source, body.encode() + tail)
    assert detail if step is None else step.added.height <= step.written.height


def taken_in(source: Source, body: bytes) -> tuple[Step | None, str]:
    """Give what ``body`` adds, or why it was refused."""
    answer = Answer("investment", "", datetime.fromisoformat("2026-03-01T02:00:00"), "0" * 64, 1)
    try:
        said = read_rows(source, answer, body)
    except AnswerUnreadableError as refused:
        return None, refused.detail
    step = next_step(
        nothing_written(source.ledger),
        said.rows,
        ledger=source.ledger,
        request="",
        last_counts=said.last_counts,
        publication_is_taken=source.ledger == "provincial_statistics",
    )
    return step, ""


def source_of(kind: str, options: dict[str, Any]) -> Source:
    is_register = kind == "ledger_csv"
    return Source.model_validate(
        {
            "name": "investment",
            "title_zh": "各省外资（虚构）",
            "title_en": "Investment by province (invented)",
            "ledger": "honours" if is_register else "provincial_statistics",
            "schedule": "0 1 * * *",
            "fresh_within_days": 1,
            "may_fail_for_hours": 72,
            "request": {"url": "/invented"},
            "format": {"kind": kind} | options,
            "mapping": {} if is_register else STATISTICS,
        }
    )
