"""The site's pages: what they state, in two languages, whatever workbooks hold, without a network."""

import re
from html.parser import HTMLParser
from pathlib import Path

import polars as pl
import pytest

from ingestion.seeds import load_seed

HOSTILE = '<script>alert("x")</script>\'&<b>'


class Page(HTMLParser):
    """A page as a browser takes it: its elements, its links and its text."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.html = path.read_text(encoding="utf-8")
        self.feed(self.html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the element."""
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        """Keep the text."""
        self.words.append(data)

    @property
    def text(self) -> str:
        """Give all text, white space folded."""
        return " ".join(" ".join(self.words).split())

    def count(self, tag: str) -> int:
        """Give the number of elements of the name."""
        return sum(1 for name, _ in self.elements if name == tag)

    @property
    def links(self) -> list[str]:
        """Give everything that the page leads to or loads."""
        return [
            value
            for _, attrs in self.elements
            for name, value in attrs.items()
            if name in {"href", "src"} and value
        ]


@pytest.fixture(scope="module")
def site(make_night_in, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the site of a night with a returned workbook, all kinds of findings, values that mean harm."""
    night = make_night_in(tmp_path_factory.mktemp("dirty"))
    night.submissions = [
        night.submission(night.ACCEPTED, rows=1234, quarantined=5, basis="modified"),
        night.submission(
            night.REJECTED, file_name=f"=1+1{HOSTILE}.xlsx", zone_id=None, status="rejected", rows=0
        ),
    ]
    night.quality_failures = [
        night.finding("s1", "S01", submission_id=night.REJECTED, row=None, message_zh="文件无法打开"),
        night.finding("v1", "V04", value=HOSTILE),
        night.finding("v2", "V04", value="=cmd()"),
        night.finding("v3", "V04", value="长" * 10_000),
        night.finding("v4", "V04", value="\x00\u202e"),
        night.finding("v5", "V20", submission_id=None, sheet="expert_scores", disposition="waived"),
        *[night.finding(f"w{row:03}", "V05", row=row, value=f"行{row:03}") for row in range(21)],
    ]
    release: Path = night.publish()
    return release / "site"


@pytest.fixture(scope="module")
def chinese(site: Path) -> Page:
    return Page(site / "index.html")


@pytest.fixture(scope="module")
def english(site: Path) -> Page:
    return Page(site / "index.en.html")


def test_the_first_page_is_chinese_and_english_is_one_click_away(chinese: Page, english: Page) -> None:
    assert ("html", {"lang": "zh-CN"}) in chinese.elements
    assert ("html", {"lang": "en"}) in english.elements
    assert "index.en.html" in chinese.links
    assert "index.html" in english.links


def test_it_tells_the_run(chinese: Page) -> None:
    assert "评价时点 2026-06-30 00:00:00" in chinese.text
    assert "发布编号 1" in chinese.text
    assert "规则版本 rules-1" in chinese.text
    assert "panel_minimum = 5" in chinese.text


def test_it_counts_what_came_and_what_was_wrong(chinese: Page) -> None:
    assert "报送材料 2 受理 1 · 退回 1" in chinese.text
    assert "企业名录行 1,234 其中隔离 5" in chinese.text
    assert "发现的问题 27 其中未处理 26" in chinese.text
    assert "receipts 2 9 7 1 1" in chinese.text


def test_a_returned_submission_stands_first_with_its_reasons(chinese: Page) -> None:
    returned = chinese.text.index("S01 文件无法打开")
    assert returned < chinese.text.index("江苏/苏州.xlsx")
    assert "2026-03-15 09:30:00 *" in chinese.text


def test_states_and_rules_are_worded_by_the_seeds(chinese: Page, english: Page) -> None:
    message = (
        load_seed("messages").filter(pl.col("kind") == "severity", pl.col("code") == "V").row(0, named=True)
    )
    rule = load_seed("quality_rules").filter(pl.col("rule_id") == "V04").row(0, named=True)
    assert f"V04 {message['zh']} 第 8 条 {rule['what_must_hold_zh']}" in chinese.text
    assert f"V04 {message['en']} Art. 8 {rule['what_must_hold']}" in english.text


def test_a_rule_without_findings_is_not_said_to_have_been_met(chinese: Page) -> None:
    listed = {rule_id for rule_id in load_seed("quality_rules")["rule_id"] if f" {rule_id} " in chinese.text}
    assert listed == {"S01", "V04", "V05", "V20"}


def test_every_rule_has_its_chinese_wording() -> None:
    assert load_seed("quality_rules")["what_must_hold_zh"].null_count() == 0


def test_markup_in_a_workbook_is_shown_and_never_run(chinese: Page) -> None:
    assert chinese.count("script") == 0
    assert chinese.count("b") == 0
    assert HOSTILE in chinese.text


def test_formulas_long_values_and_invisible_characters_are_withstood(chinese: Page) -> None:
    assert "'=cmd()" in chinese.text
    assert f"'=1+1{HOSTILE}.xlsx" in chinese.text
    assert "长" * 201 not in chinese.text
    assert "…（10000 字 / chars）" in chinese.text
    assert "⟨U+0000⟩⟨U+202E⟩" in chinese.text


def test_no_cell_of_a_table_would_run_as_a_formula_when_pasted(chinese: Page) -> None:
    cells = re.findall(r"<td[^>]*>\s*([^<]*)", chinese.html)
    assert cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


def test_a_page_asks_nothing_of_the_network_and_runs_no_script(chinese: Page, english: Page) -> None:
    for page in (chinese, english):
        assert not [link for link in page.links if re.match(r"(?i)(https?:)?//|ftp:|javascript:", link)]
        assert "url(" not in page.html
        assert "@import" not in page.html
        policy = next(
            attrs["content"] for tag, attrs in page.elements if "http-equiv" in attrs and tag == "meta"
        )
        assert policy is not None
        assert policy.startswith("default-src 'none'")


def test_every_link_leads_to_a_file_of_the_release_or_a_place_on_the_page(site: Path) -> None:
    for name in ("index.html", "index.en.html"):
        page = Page(site / name)
        places = {attrs["id"] for _, attrs in page.elements if "id" in attrs}
        for link in page.links:
            if link.startswith("#"):
                assert link[1:] in places
            elif link != "data:,":
                assert (site / link).resolve().is_file()
    assert "../data_docs/index.html" in page.links
    assert "../parquet/zones.parquet" in page.links
    assert "../coopzones.duckdb" in page.links


def test_only_the_first_findings_of_a_rule_are_listed_and_the_page_says_so(chinese: Page) -> None:
    assert "21 条，列出前 20 条" in chinese.text
    assert "行019" in chinese.text
    assert "行020" not in chinese.text


def test_a_moment_with_nothing_received_still_has_a_page(night) -> None:
    night.submissions, night.zones, night.eligibility = [], [], []
    page = Page(night.publish() / "site" / "index.html")
    assert "该时点没有收到任何报送材料" in page.text
    assert "没有发现问题" in page.text


def test_a_finding_of_an_unknown_rule_stops_the_release(night) -> None:
    night.quality_failures = [night.finding("f", "X99")]
    with pytest.raises(ValueError, match="X99"):
        night.publish()


def test_tables_have_captions_and_headers_for_those_who_cannot_see_them(chinese: Page) -> None:
    assert chinese.count("caption") == chinese.count("table")
    assert all(attrs.get("scope") in {"col", "row"} for tag, attrs in chinese.elements if tag == "th")
