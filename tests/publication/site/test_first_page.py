"""The first page in a whole release: what it states, in two languages, and where its links lead."""

import re
from pathlib import Path

import pytest

METRICS = """
create table marts.metrics as
select *, code as metric_name_zh, code as metric_name_en, 'all' as dimension, 'all' as member,
    'all' as member_name_zh, 'all' as member_name_en, value as numerator,
    cast(null as decimal(38, 18)) as denominator, 'count' as unit, code as metric_code
from (values ('submissions_received', 2.0), ('submissions_accepted', 1), ('submissions_rejected', 1),
    ('roster_rows', 1234), ('roster_rows_quarantined', 5), ('findings', 27), ('open_findings', 26)
) as told (code, value)
"""


@pytest.fixture(scope="module")
def site(make_night_in, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the site of a night with a returned workbook and some findings."""
    night = make_night_in(tmp_path_factory.mktemp("dirty"))
    night.submissions = [
        night.submission(night.ACCEPTED, rows=1234, quarantined=5, basis="modified"),
        night.submission(night.REJECTED, file_name="broken.xlsx", zone_id=None, status="rejected", rows=0),
    ]
    night.quality_failures = [
        night.finding("s1", "S01", submission_id=night.REJECTED, row=None, message_zh="文件无法打开"),
        night.finding("v5", "V20", submission_id=None, sheet="expert_scores", disposition="waived"),
        *[night.finding(f"w{row:03}", "V05", row=row, value=f"行{row:03}") for row in range(25)],
    ]
    night.extra_sql = METRICS
    release: Path = night.publish()
    return release / "site"


@pytest.fixture(scope="module")
def chinese(site: Path, read_page):
    return read_page(site / "index.html")


@pytest.fixture(scope="module")
def english(site: Path, read_page):
    return read_page(site / "index.en.html")


def test_the_first_page_is_chinese_and_english_is_one_click_away(chinese, english) -> None:
    assert ("html", {"lang": "zh-CN"}) in chinese.elements
    assert ("html", {"lang": "en"}) in english.elements
    assert "index.en.html" in chinese.links
    assert "index.html" in english.links


def test_it_tells_the_run(chinese) -> None:
    assert "截至时点 2026-06-30 00:00:00" in chinese.text
    assert "发布编号 1" in chinese.text
    assert "规则版本 rules-1" in chinese.text
    assert "panel_minimum = 5" in chinese.text


def test_it_tells_what_came_and_what_was_wrong_as_the_metrics_do(chinese) -> None:
    assert "报送材料 2 受理 1 · 退回 1" in chinese.text
    assert "企业名录行 1,234 其中隔离 5" in chinese.text
    assert "发现的问题 27 其中未处理 26" in chinese.text
    assert "receipts 2 9 7 1 1" in chinese.text


def test_a_page_is_not_there_before_its_marts_are(site: Path, chinese) -> None:
    assert "terms.html" not in chinese.links
    assert not (site / "terms.html").exists()
    assert not (site / "article_11.html").exists()


def test_every_link_leads_to_a_file_of_the_release_or_a_place_on_a_page(site: Path, read_page) -> None:
    pages = sorted(site.rglob("*.html"))
    assert len(pages) > 20
    for path in pages:
        page = read_page(path)
        assert len(page.ids) == len(set(page.ids)), path
        for link in page.links:
            if link.startswith("#"):
                assert link[1:] in page.ids
            elif link != "data:,":
                assert (path.parent / link.split("#")[0]).resolve().is_file(), (path, link)


def test_every_page_stands_in_both_languages_and_each_leads_to_the_other(site: Path, read_page) -> None:
    for path in site.rglob("*.en.html"):
        chinese = path.with_name(path.name.replace(".en.html", ".html"))
        assert (path.parent / next(iter(_other(read_page(path))))).resolve() == chinese.resolve()
        assert (path.parent / next(iter(_other(read_page(chinese))))).resolve() == path.resolve()


def _other(page) -> list[str]:
    return [attrs["href"] for tag, attrs in page.elements if attrs.get("id") == "other-language"]


def test_no_page_asks_anything_of_the_network(site: Path, read_page) -> None:
    for path in site.rglob("*.html"):
        page = read_page(path)
        assert not [link for link in page.links if re.match(r"(?i)(https?:)?//|ftp:|javascript:", link)]
        policy = next(a["content"] for t, a in page.elements if t == "meta" and "http-equiv" in a)
        assert policy.startswith("default-src 'none'")
        assert "unsafe" not in policy
    for style in site.rglob("*.css"):
        assert "url(" not in style.read_text(encoding="utf-8")
        assert "@import" not in style.read_text(encoding="utf-8")


def test_only_the_page_of_findings_runs_scripts_and_none_stands_in_a_page(site: Path, read_page) -> None:
    for path in site.rglob("*.html"):
        page = read_page(path)
        scripts = [attrs for tag, attrs in page.elements if tag == "script"]
        assert all(attrs.get("src") for attrs in scripts)
        assert bool(scripts) == (path.name.split(".")[0] == "findings"), path
        assert not [name for _, attrs in page.elements for name in attrs if name.startswith("on")]


def test_tables_have_captions_and_headers_for_those_who_cannot_see_them(site: Path, read_page) -> None:
    for path in site.rglob("*.html"):
        page = read_page(path)
        assert page.count("caption") == page.count("table")
        scopes = {attrs.get("scope") for tag, attrs in page.elements if tag == "th"}
        assert scopes <= {"col", "row", "rowgroup"}
        assert page.count("h1") == page.count("main") == 1


def test_a_moment_with_nothing_received_still_has_its_pages(night, read_page) -> None:
    night.submissions, night.zones, night.eligibility = [], [], []
    site = night.publish() / "site"
    assert "没有现行报送材料" in read_page(site / "index.html").text
    assert "该时点没有收到任何报送材料" in read_page(site / "reports.html").text
    assert "没有合作区" in read_page(site / "zones.html").text


def test_a_finding_of_an_unknown_rule_stops_the_release(night) -> None:
    night.quality_failures = [night.finding("f", "X99")]
    with pytest.raises(ValueError, match="X99"):
        night.publish()


def test_the_trend_tells_the_releases_that_stand_and_which_cannot_be_read(night, read_page) -> None:
    night.publish()
    night.quality_failures = [night.finding("a", "V05"), night.finding("b", "V05", row=8)]
    damaged = night.publish()
    (damaged / "coopzones.duckdb").chmod(0o644)
    (damaged / "coopzones.duckdb").write_bytes(b"no database")
    text = read_page(night.publish() / "site" / "index.html").text
    assert re.search(r"3 2026-06-30 00:00:00 1 0 2 2 — —", text)
    assert "2 这次发布已损坏，无法读取。" in text
    assert re.search(r"1 2026-06-30 00:00:00 1 0 0 0 — —", text)
