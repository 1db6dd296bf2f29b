"""The JSON shapes: a list of records, and the national bureau's old and present ones."""

import json
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.sources.answers import Answer
from ingestion.sources.errors import AnswerUnreadableError
from ingestion.sources.formats.json_body import Number, parse_json

NO_CHARSET = Answer("exports", "", datetime.fromisoformat("2026-03-01T02:00:00"), "0" * 64, 1)
PAGE = "<html><body>403 Forbidden</body></html>"
RECORDS = {"kind": "json_table", "records": "data.rows", "columns": {"region": "area.name", "value": "obs.0"}}

EASYQUERY = """{"returncode": 200, "returndata": {
  "datanodes": [
    {"code": "zb.X1_reg.110000_sj.2023", "data": {"data": 1234.50, "strdata": "1234.5", "hasdata": true},
     "wds": [{"wdcode": "zb", "valuecode": "X1"}, {"wdcode": "reg", "valuecode": "110000"},
             {"wdcode": "sj", "valuecode": "2023"}]},
    {"code": "zb.X1_reg.110000_sj.2024", "data": {"data": 0.0, "strdata": "", "hasdata": false},
     "wds": [{"wdcode": "zb", "valuecode": "X1"}, {"wdcode": "reg", "valuecode": "110000"},
             {"wdcode": "sj", "valuecode": "2024"}]},
    {"code": "zb.X1_reg.120000_sj.2023", "data": {"data": 0.0, "strdata": "", "hasdata": true},
     "wds": [{"wdcode": "zb", "valuecode": "X1"}, {"wdcode": "reg", "valuecode": "120000"},
             {"wdcode": "sj", "valuecode": "2023"}]}],
  "wdnodes": [
    {"wdcode": "zb", "nodes": [{"code": "X1", "cname": "外商直接投资（虚构）", "unit": "千美元"}]},
    {"wdcode": "reg", "nodes": [{"code": "110000", "cname": "北京市"}]}]}}"""

ES_DATA = """{"data": [
  {"name": "2023年", "values": [
    {"i_showname": "外商直接投资（虚构）", "da_name": "北京市", "value": "123.4", "ek_dp_name": "千美元"},
    {"i_showname": "外商直接投资（虚构）", "da_name": "天津市", "value": "", "ek_dp_name": "千美元"}]},
  {"name": "2024年", "values": []}, {"name": "2025年", "values": null}]}"""


def refusal(read: Any, body: str, **stated: Any) -> str:
    with pytest.raises(AnswerUnreadableError) as refused:
        read(body, **stated)
    return refused.value.case_id


def test_records_and_columns_are_found_by_their_paths(read: Any) -> None:
    body = """{"data": {"rows": [{"area": {"name": "北京市"}, "obs": [12.30, 1]},
                                 {"area": {"name": null}, "obs": []}]}}"""
    assert read(body, **RECORDS).rows() == [("北京市", "12.30"), (None, None)]


def test_the_text_itself_may_be_the_list_and_be_empty(read: Any) -> None:
    assert read("[]", kind="json_table", columns={"value": "v"}).columns == ["value"]


@pytest.mark.parametrize(
    ("case_id", "body"),
    [
        pytest.param("not_json", PAGE, id="a page in place of JSON"),
        pytest.param("not_json", '{"data": {"rows": [', id="cut off"),
        pytest.param("not_json", "[" * 200_000, id="brackets without end"),
        pytest.param("not_json", '{"data": {"rows": [{"obs": [NaN]}]}}', id="a number that is none"),
        pytest.param("unexpected_shape", '{"data": []}', id="nothing at the path"),
        pytest.param("unexpected_shape", '{"data": {"rows": {}}}', id="no list at the path"),
        pytest.param("unexpected_shape", '{"data": {"rows": [1]}}', id="a record that is none"),
        pytest.param("unexpected_shape", '{"data": {"rows": [{"obs": [{}]}]}}', id="a figure that is none"),
        pytest.param("absent_column", '{"data": {"rows": [{"obs": [1]}]}}', id="a column that is nowhere"),
        pytest.param(
            "unreadable",
            '{"data": {"rows": [{"area": {"name": "\\ud800"}, "obs": [1]}]}}',
            id="half a character",
        ),
    ],
)
def test_what_is_no_such_list_is_refused(read: Any, case_id: str, body: str) -> None:
    assert refusal(read, body, **RECORDS) == case_id


@settings(deadline=None)
@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_every_number_of_json_is_read_exactly(number: Decimal) -> None:
    read = parse_json(f"[{number}]".encode(), NO_CHARSET)[0]
    assert isinstance(read, Number)
    assert Decimal(read) == number


def test_an_exponent_is_written_out_unless_that_would_fill_the_memory() -> None:
    assert parse_json(b"[1.5e3, -2E-2, 1e999999999]", NO_CHARSET) == ["1500", "-0.02", "1e999999999"]


def test_easyquery_data_that_is_not_there_is_missing_and_never_zero(read: Any) -> None:
    frame = read(EASYQUERY, kind="easyquery")
    assert frame.select("region", "region_code", "year", "value", "unit").rows() == [
        ("北京市", "110000", "2023", "1234.5", "千美元"),
        ("北京市", "110000", "2024", None, "千美元"),
        ("120000", "120000", "2023", "0.0", "千美元"),
    ]
    assert set(frame["indicator"]) == {"外商直接投资（虚构）"}


@pytest.mark.parametrize(
    ("case_id", "body"),
    [
        pytest.param("not_json", PAGE, id="a page in place of JSON"),
        pytest.param("source_error", '{"returncode": 501, "returndata": "系统繁忙"}', id="an error code"),
        pytest.param("source_error", "{}", id="no code at all"),
        pytest.param("unexpected_shape", '{"returncode": 200, "returndata": null}', id="no data"),
        pytest.param("unexpected_shape", EASYQUERY.replace('"hasdata": true', '"x": 1'), id="no hasdata"),
    ],
)
def test_what_is_no_easyquery_is_refused(read: Any, case_id: str, body: str) -> None:
    assert refusal(read, body, kind="easyquery") == case_id


def test_es_data_periods_that_are_not_published_yet_have_no_rows(read: Any) -> None:
    assert read(ES_DATA, kind="es_data").select("region", "year", "value", "unit").rows() == [
        ("北京市", "2023年", "123.4", "千美元"),
        ("天津市", "2023年", "", "千美元"),
    ]


@pytest.mark.parametrize(
    ("case_id", "body"),
    [
        pytest.param("not_json", PAGE, id="a page in place of JSON"),
        pytest.param("no_rows", '{"data": []}', id="none of the periods asked for"),
        pytest.param("unexpected_shape", '{"code": 500}', id="no data"),
        pytest.param("unexpected_shape", '{"data": [{"values": []}]}', id="a period without a name"),
        pytest.param(
            "unexpected_shape", json.dumps({"data": [{"name": "2023年", "values": [[]]}]}), id="no values"
        ),
    ],
)
def test_what_is_no_es_data_is_refused(read: Any, case_id: str, body: str) -> None:
    assert refusal(read, body, kind="es_data") == case_id
