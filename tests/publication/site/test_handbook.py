"""The handbook of the marts: made of the contract, in both languages, each example a query that runs."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest
from sqlfluff.core import Linter

from ingestion.seeds import load_seed
from publication.mart_contracts import MartContract, in_two_languages, mart_contracts
from publication.site.language import CHINESE, ENGLISH

CONTRACTS = pytest.mark.parametrize("mart", mart_contracts(), ids=lambda mart: mart.name)


@pytest.fixture(scope="module")
def release(site_of_two_zones: Path) -> Path:
    return site_of_two_zones.parent


@pytest.fixture(scope="module")
def handbook(release: Path, read_page: Callable[[Path], Any]) -> Callable[[str], Any]:
    """Give the handbook's page in a language."""
    return lambda suffix: read_page(release / "handbook" / f"index{suffix}")


def test_every_mart_of_the_release_stands_in_it_with_every_column(handbook: Callable[[str], Any]) -> None:
    for suffix in (".html", ".en.html"):
        page = handbook(suffix)
        assert {mart.name for mart in mart_contracts()} <= set(page.ids)
        for mart in mart_contracts():
            for column in mart.columns:
                assert column.name in page.words


def test_a_column_tells_its_type_unit_meaning_values_and_article(handbook: Callable[[str], Any]) -> None:
    chinese, english = handbook(".html").text, handbook(".en.html").text
    assert "revenue_wan 精确小数 万元 营业收入（万元）。" in chinese
    assert "state 文本 必有值" in chinese
    assert "clear 无 at_risk 有风险 grounds 构成撤销情形" in chinese
    assert "clear clear at_risk at risk grounds grounds for revocation" in english
    assert "是否为《办法》实施前设立（第十八条）。 《办法》第十八条" in chinese


def test_it_stands_in_the_style_of_the_site_and_both_lead_to_each_other(
    release: Path, handbook: Callable[[str], Any], read_page: Callable[[Path], Any]
) -> None:
    page = handbook(".html")
    assert "../site/assets/site.css" in page.links
    assert "../site/index.html" in page.links
    assert "../handbook/index.en.html" in read_page(release / "site" / "index.en.html").links
    assert "index.en.html" in page.links
    pages = [attrs for tag, attrs in page.elements if tag == "a" and "aria-current" in attrs]
    assert [attrs["href"] for attrs in pages] == ["../handbook/index.html"]


def test_its_links_lead_somewhere_and_nothing_is_fetched(
    release: Path, handbook: Callable[[str], Any]
) -> None:
    for suffix in (".html", ".en.html"):
        page = handbook(suffix)
        assert not [tag for tag, _ in page.elements if tag == "script"]
        for link in page.links:
            if link.startswith("#"):
                assert link[1:] in page.ids
            elif link.startswith("../site/"):
                assert (release / "handbook" / link).resolve().is_file(), link
            else:
                assert re.match(r"\.\./parquet/|\.\./handbook/|index|data:,$", link), link


@CONTRACTS
def test_every_listed_value_is_worded_in_both_languages(mart: MartContract) -> None:
    for column in mart.columns:
        assert bool(column.allowed) == bool(column.worded_by), column.name
        for value in column.allowed:
            assert re.search("[\u4e00-\u9fff]", CHINESE.value(str(column.worded_by), value)), value
            assert ENGLISH.value(str(column.worded_by), value) != value or value.isalpha(), value


@CONTRACTS
def test_articles_are_those_that_can_be_cited(mart: MartContract) -> None:
    assert mart.articles
    for articles in (mart.articles, *(column.articles for column in mart.columns if column.articles)):
        assert "《办法》" in CHINESE.cite("; ".join(articles))


@CONTRACTS
def test_an_example_runs_on_the_release_as_it_stands(mart: MartContract, release: Path) -> None:
    assert re.search("[\u4e00-\u9fff]", mart.example.zh)
    assert re.fullmatch("[\x20-\x7e]+", mart.example.en)
    assert f"marts.{mart.name}" in mart.example.sql
    with duckdb.connect(str(release / "coopzones.duckdb"), read_only=True) as connection:
        connection.execute(mart.example.sql).fetchall()


@CONTRACTS
def test_an_example_is_plain_sql_that_postgresql_takes_too(mart: MartContract) -> None:
    parsed = Linter(dialect="postgres").parse_string(mart.example.sql)
    assert parsed.violations == []
    assert parsed.tree is not None
    assert "unparsable" not in parsed.tree.type_set()


def test_a_metric_is_defined_where_the_marts_are_told(handbook: Callable[[str], Any]) -> None:
    text = handbook(".en.html").text
    for metric in load_seed("metric_definitions").iter_rows(named=True):
        assert f"{metric['name_en']} {metric['metric_code']}" in text


def test_a_mart_that_does_not_say_what_the_handbook_needs_is_named(tmp_path: Path) -> None:
    (tmp_path / "bare.yml").write_text(
        "models: [{name: bare, description: 甲。One., columns: [], config: {meta: {articles: ['8']}}}]",
        encoding="utf-8",
    )
    with pytest.raises(ValueError, match=r"bare\.yml lacks beyond_the_contract, example, primary_key"):
        mart_contracts(tmp_path)


def test_a_description_is_chinese_then_english() -> None:
    told = in_two_languages("甲。乙（第二条）。One (Art. 2). Two.")
    assert (told.zh, told.en) == ("甲。乙（第二条）。", "One (Art. 2). Two.")


@pytest.mark.parametrize("comment", ["只有中文。", "English only.", "甲 and no sentence that ends"])
def test_a_description_that_lacks_a_language_is_refused(comment: str) -> None:
    with pytest.raises(ValueError, match="Chinese first"):
        in_two_languages(comment)
