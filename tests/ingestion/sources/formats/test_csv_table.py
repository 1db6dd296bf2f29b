"""Tables as yearbooks publish them, as CSV: where they stand, how they lie, what is missing in them."""

import csv
from io import StringIO
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.sources.errors import AnswerUnreadableError
from ingestion.sources.formats.csv_rows import csv_rows
from ingestion.sources.formats.csv_table import CsvTable

YEARBOOK = """数据库：分省年度数据（虚构）
指标：外商直接投资（千美元）
时间：最近2年

地区,2024年,2023年
北京市,"1,234.5",1200
天津市,…,980
数据来源：虚构
注：2023年为修订数,不可与以前比较。
"""


def cells(frame: pl.DataFrame) -> list[tuple[str | None, ...]]:
    return frame.select("region", "year", "value").rows()


def test_the_table_is_found_between_the_lines_before_and_after_it(read: Any) -> None:
    assert cells(read(YEARBOOK, kind="csv_table")) == [
        ("北京市", "2024年", "1,234.5"),
        ("北京市", "2023年", "1200"),
        ("天津市", "2024年", "…"),
        ("天津市", "2023年", "980"),
    ]


def test_what_the_lines_around_it_tell_is_a_column_of_its_own(read: Any) -> None:
    told = read(YEARBOOK, kind="csv_table").select("指标", "时间", "数据来源", "注").unique()
    assert told.rows() == [("外商直接投资（千美元）", "最近2年", "虚构", "2023年为修订数,不可与以前比较。")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("is_stated", [True, False])
def test_an_encoding_is_read_stated_or_not(read: Any, encoding: str, is_stated: bool) -> None:
    stated = encoding.removesuffix("-sig") if is_stated else ""
    frame = read(YEARBOOK.encode(encoding), stated, kind="csv_table")
    assert frame.equals(read(YEARBOOK, kind="csv_table"))


def test_bytes_in_another_encoding_than_stated_are_refused(read: Any) -> None:
    with pytest.raises(AnswerUnreadableError) as refused:
        read(YEARBOOK.encode("gb18030"), "utf-8", kind="csv_table")
    assert refused.value.case_id == "wrong_encoding"


def test_the_header_is_found_by_its_words_not_by_its_place(read: Any) -> None:
    moved = "地区：各省\n\n\n" + YEARBOOK.replace("地区,2024年,2023年", "　地 区 ,２０２４年,2023 年")
    assert read(moved, kind="csv_table")["region"].to_list() == ["北京市"] * 2 + ["天津市"] * 2


def test_a_heading_of_its_own_words(read: Any) -> None:
    named = YEARBOOK.replace("地区,", "行政区,")
    with pytest.raises(AnswerUnreadableError, match="no_header"):
        read(named, kind="csv_table")
    assert cells(read(named, kind="csv_table", heading="行政区")) == cells(read(YEARBOOK, kind="csv_table"))


def test_regions_along_the_columns(read: Any) -> None:
    frame = read("年份,北京市,天津市\n2024,5,6\n2023,3,…\n", kind="csv_table", rows="year", columns="region")
    assert sorted(cells(frame)) == [
        ("北京市", "2023", "3"),
        ("北京市", "2024", "5"),
        ("天津市", "2023", "…"),
        ("天津市", "2024", "6"),
    ]


def test_indicators_along_the_rows_with_their_units_beside_them(read: Any) -> None:
    frame = read(
        "地区：北京市\n指标,单位,2024年,2023年\n进口,万元,1,2\n出口,亿元,3,4\n",
        kind="csv_table",
        rows="indicator",
        beside={"unit": "单位"},
    )
    assert frame.select("indicator", "unit", "year", "value", "地区").rows()[2:] == [
        ("出口", "亿元", "2024年", "3", "北京市"),
        ("出口", "亿元", "2023年", "4", "北京市"),
    ]


def test_a_line_that_labels_no_row_is_a_note(read: Any) -> None:
    noted = YEARBOOK.replace("数据来源：虚构", "本表按当年价格计算。\n数据来源：虚构")
    assert cells(read(noted, kind="csv_table")) == cells(read(YEARBOOK, kind="csv_table"))


def test_a_list_of_records_under_a_title(read: Any) -> None:
    frame = read(
        "认定名单（虚构）\n序号,企业代码,层次\n1,C1,小巨人\n2,C2,\n注：以公告为准\n",
        kind="csv_table",
        list_of=["企业代码", "层次"],
    )
    assert frame.select("企业代码", "层次").rows() == [("C1", "小巨人"), ("C2", None)]


def broken(old: str, new: str) -> str:
    assert old in YEARBOOK
    return YEARBOOK.replace(old, new)


@pytest.mark.parametrize(
    ("case_id", "body"),
    [
        pytest.param("no_header", "<html><body>拒绝访问</body></html>", id="a page in place of a table"),
        pytest.param("no_header", broken("地区,2024年,2023年\n", ""), id="no headings"),
        pytest.param("no_header", broken("2024年,2023年", "甲,乙"), id="headings that are no years"),
        pytest.param(
            "no_rows", YEARBOOK.partition("北京市")[0] + "数据来源：虚构\n", id="headings and nothing below"
        ),
        pytest.param(
            "unexpected_shape", broken('"1,234.5"', "1,234.5"), id="a separator that splits a figure"
        ),
        pytest.param("unexpected_shape", YEARBOOK.partition(",980")[0], id="cut off in a row"),
        pytest.param("unexpected_shape", YEARBOOK.partition(",…")[0], id="cut off after a label"),
        pytest.param("unexpected_shape", broken("天津市,", "注：虚构\n天津市,"), id="a row after a note"),
        pytest.param("unexpected_shape", broken("天津市,", "华北\n天津市,"), id="a row after a lone title"),
        pytest.param("repeated_column", broken("2023年\n", "2024 年\n"), id="a year twice"),
        pytest.param("unreadable", broken('"1,234.5"', '"1,234.5'), id="a quote that does not close"),
    ],
)
def test_what_is_no_such_table_is_refused_whole(read: Any, case_id: str, body: str) -> None:
    with pytest.raises(AnswerUnreadableError) as refused:
        read(body, kind="csv_table")
    assert refused.value.case_id == case_id


def test_a_refusal_names_the_row(read: Any) -> None:
    with pytest.raises(AnswerUnreadableError, match="row 6: 4 cells, 3 headings"):
        read(broken('"1,234.5"', "1,234.5"), kind="csv_table")


TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\x00:："), min_size=1).filter(str.strip)


@settings(deadline=None)
@given(st.lists(st.tuples(TEXTS, TEXTS, TEXTS), min_size=1))
def test_any_text_in_a_table_is_read_without_loss(rows: list[tuple[str, str, str]]) -> None:
    written = StringIO(newline="")
    csv.writer(written).writerows([("地区", "2024年", "2023年"), *rows])
    frame = CsvTable(kind="csv_table").table_of(csv_rows(written.getvalue())).frame
    pairs = zip(frame.rows()[::2], frame.rows()[1::2], strict=True)
    assert [(first[0], first[2], second[2]) for first, second in pairs] == rows
