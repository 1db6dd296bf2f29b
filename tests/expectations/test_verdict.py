"""The verdict through its seam: real files, the real Great Expectations, Data Docs on a disk."""

import re
import socket
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

import duckdb
import pytest

from expectations.catalogue import read_catalogue
from expectations.data_docs.assets import CSS_URL
from expectations.rules import read_rules
from expectations.verdict import ExpectationCrashedError, Verdict, judge_warehouse

MEBIBYTE = 1024 * 1024


def judge(night, data_docs: Path, *, previous: bool = True) -> Verdict:
    return judge_warehouse(
        night.warehouse,
        judged=night.judged,
        night=night.night,
        previous_release=night.release if previous else None,
        data_docs=data_docs,
    )


def failed(verdict: Verdict) -> set[str]:
    return {result.name for result in verdict.results if not result.passed}


@pytest.fixture(scope="module")
def data_docs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data_docs")


@pytest.fixture(scope="module")
def kept(kept_night, data_docs: Path) -> Verdict:
    """Judge the night that is right, once, on a machine without a network."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the network was asked for")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket, "getaddrinfo", refuse)
        patch.setattr(socket.socket, "connect", refuse)
        return judge(kept_night, data_docs)


def test_a_night_that_is_right_passes_in_the_order_of_the_seed(kept: Verdict) -> None:
    assert [result.name for result in kept.results] == [expected.name for expected in read_catalogue()]
    assert failed(kept) == set()
    assert kept.blocking == []
    assert all(result.failing_rows.is_empty() for result in kept.results)


def test_what_was_observed_is_told_in_both_languages(kept: Verdict) -> None:
    observed = {result.name: result.observed for result in kept.results}
    assert observed["submission_version_starts_at_one"] == "4 行中 0 行不符 / 0 unexpected rows of 4"
    assert observed["versions_run_without_gaps"] == "0 行不符 / 0 unexpected rows"


def test_failures_name_themselves_and_their_rows(night, tmp_path: Path) -> None:
    night.change_marts("update submissions set version = 0 where submission_id = 'unreadable'")
    night.change_marts("update zones set region = 'south', authority_code = '9' where zone_id = 'HZ33010001'")
    night.change_marts("delete from parameters_in_force where parameter in ('relaxation', 'panel_minimum')")
    verdict = judge(night, tmp_path / "data_docs")
    results = {result.name: result for result in verdict.results if not result.passed}
    assert set(results) == {
        "submission_version_starts_at_one",
        "versions_run_without_gaps",
        "zone_region_is_known",
        "zone_authority_is_known",
        "authorities_sum_their_zones",
        "every_parameter_stands_once",
        "marts_did_not_shrink",
    }
    assert results["submission_version_starts_at_one"].failing_rows["submission_id"].to_list() == [
        "unreadable"
    ]
    assert results["zone_region_is_known"].failing_rows["region"].to_list() == ["south"]
    assert results["every_parameter_stands_once"].observed == "2 行不符 / 2 unexpected rows"
    assert set(results["every_parameter_stands_once"].failing_rows["parameter"]) == {
        "relaxation",
        "panel_minimum",
    }
    assert {result.name for result in verdict.blocking} == set(results) - {
        "zone_authority_is_known",
        "marts_did_not_shrink",
    }
    shown = "".join(page.read_text(encoding="utf-8") for page in (tmp_path / "data_docs").rglob("*.html"))
    assert "every_parameter_stands_once" in shown


def test_a_roster_that_lost_a_row_in_the_lake_is_noticed(night, tmp_path: Path) -> None:
    night.change_file(night.judged / "annual_in_force" / "roster.parquet", "from rows where uscc <> 'E2'")
    assert failed(judge(night, tmp_path / "data_docs")) == {
        "accepted_rows_stand_in_the_lake",
        "rosters_in_force_reach_enterprises",
    }


def test_a_mart_that_became_empty_or_vanished_blocks(night, tmp_path: Path) -> None:
    night.change_marts("delete from province_indicators")
    with duckdb.connect(str(night.release / "coopzones.duckdb")) as release:
        release.execute("create table marts.of_yesterday as select 1 as one")
    verdict = judge(night, tmp_path / "data_docs")
    (emptied,) = verdict.blocking
    assert emptied.name == "no_mart_became_empty"
    assert emptied.failing_rows["mart"].to_list() == ["of_yesterday", "province_indicators"]


def test_without_a_release_before_nothing_can_have_shrunk(night, tmp_path: Path) -> None:
    night.change_marts("delete from province_indicators")
    assert failed(judge(night, tmp_path / "data_docs", previous=False)) == set()


def test_an_expectation_that_errs_crashes_and_is_no_finding(night, tmp_path: Path) -> None:
    night.change_marts("alter table scorecards drop column outcome")
    with pytest.raises(ExpectationCrashedError, match="eligibility_repeats_the_scorecard"):
        judge(night, tmp_path / "data_docs")


def test_a_column_without_its_values_crashes_too(night, tmp_path: Path) -> None:
    night.change_marts("alter table zones drop column region")
    with pytest.raises(ExpectationCrashedError, match="zone_region_is_known"):
        judge(night, tmp_path / "data_docs")


def test_a_warehouse_that_is_not_there_is_named(night, tmp_path: Path) -> None:
    night.warehouse.unlink()
    with pytest.raises(FileNotFoundError, match=r"warehouse\.duckdb"):
        judge(night, tmp_path / "data_docs")


def test_the_warehouse_is_only_read_and_free_again_and_earlier_pages_are_gone(night, tmp_path: Path) -> None:
    before = night.warehouse.read_bytes()
    (tmp_path / "data_docs").mkdir()
    (tmp_path / "data_docs" / "of_yesterday.html").write_text("yesterday", encoding="utf-8")
    judge(night, tmp_path / "data_docs")
    assert not (tmp_path / "data_docs" / "of_yesterday.html").exists()
    assert night.warehouse.read_bytes() == before
    night.change_marts("create table written (one integer)")


class Links(HTMLParser):
    """The addresses that a page names: ``all``, and those that a browser fetches by itself."""

    def __init__(self) -> None:
        super().__init__()
        self.all: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        """Keep what the tag names."""
        self.all |= {value for name, value in attrs if name in {"src", "href"} and value}


@pytest.mark.usefixtures("kept")
def test_every_link_of_data_docs_leads_to_a_file_beside_it(data_docs: Path) -> None:
    pages = list(data_docs.rglob("*.html"))
    assert data_docs / "index.html" in pages
    for page in pages:
        text = page.read_text(encoding="utf-8")
        links = Links()
        links.feed(text)
        for address in links.all | set(CSS_URL.findall(text)):
            parts = urlsplit(address)
            assert not parts.scheme or parts.scheme == "data", (page, address)
            assert not parts.netloc, (page, address)
            assert (page.parent / parts.path).exists(), (page, address)
        assert "integrity=" not in text


@pytest.mark.usefixtures("kept")
def test_every_file_that_a_style_sheet_names_is_beside_it(data_docs: Path) -> None:
    sheets = list(data_docs.rglob("*.css"))
    assert sheets
    for sheet in sheets:
        for address in CSS_URL.findall(sheet.read_text(encoding="utf-8")):
            assert (sheet.parent / address).is_file(), (sheet, address)


@pytest.mark.usefixtures("kept")
def test_nothing_in_data_docs_calls_home(data_docs: Path) -> None:
    for page in data_docs.rglob("*.html"):
        outside = re.findall(r"https?://[^\s\"'<>]+", page.read_text(encoding="utf-8"))
        assert outside == [], page


@pytest.mark.usefixtures("kept")
def test_the_index_shows_every_table_on_its_first_page(data_docs: Path) -> None:
    index = (data_docs / "index.html").read_text(encoding="utf-8")
    assert re.findall(r"'pagination': 'true'(?:, 'pageSize': (\d+))?", index) == ["50", "50"]
    assert len({expected.table for expected in read_catalogue()}) < 50


@pytest.mark.usefixtures("kept")
def test_data_docs_show_the_rules_as_a_suite_of_their_own_with_their_articles(data_docs: Path) -> None:
    (page,) = data_docs.glob("validations/quality_rules/**/*.html")
    shown = page.read_text(encoding="utf-8")
    for rule in read_rules():
        assert f"({rule.name}; 条款 article {rule.article})" in shown or f"({rule.name})" in shown
    assert "(Q16; 条款 article 5)" in shown


@pytest.mark.usefixtures("kept")
def test_data_docs_are_small_and_tell_every_expectation_in_both_languages(data_docs: Path) -> None:
    files = [path for path in data_docs.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 8 * MEBIBYTE
    shown = "".join(page.read_text(encoding="utf-8") for page in data_docs.glob("validations/**/*.html"))
    for expected in read_catalogue():
        assert expected.name in shown
        assert expected.description_zh in shown
