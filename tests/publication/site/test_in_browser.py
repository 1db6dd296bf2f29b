"""The site in a real browser, from disk and over a server: search, filters, languages, keyboard, print, axe.

Needs Debian's ``chromium`` (``apt-get install chromium``); without it these tests fail and say so. Every
request that the browser makes is held against the site's own address: none leaves.
"""

import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote

import duckdb
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

pytestmark = [pytest.mark.slow, pytest.mark.browser]

ZONE = "HZ32050001"
MANY = 100_000

SYNTHETIC = """
insert into marts.quality_failures
select
    printf('%032d', 1000 + k), rule_id, substr(rule_id, 1, 1), '8', null, zone_id, 2020 + k % 6, '企业名录',
    k % 5000, 'uscc', case when k = {needle} then '针<b>在此</b>' else 'Y' || k end, '18 位',
    '第 ' || k || ' 条应当改正', 'number ' || k || ' to be mended', 'pandera',
    case when k % 7 = 0 then 'waived' else 'open' end
from (
    select
        range as k, ['V01', 'V04', 'S03', 'Q02', 'M01'][1 + range % 5] as rule_id,
        ['HZ32050001', 'HZ51010001'][1 + range % 2] as zone_id
    from range({count})
)
"""


class Quiet(SimpleHTTPRequestHandler):
    """A file server that says nothing."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def small_site(make_site: Callable[..., Path], two_zones) -> Path:
    """Give a site with 120 findings besides those of the two zones."""
    return make_site(two_zones, before=partial(_add_findings, count=120, needle=77))


@pytest.fixture(scope="module")
def large_site(make_site: Callable[..., Path], two_zones) -> Path:
    """Give a site of more findings than it lists."""
    return make_site(two_zones, before=partial(_add_findings, count=MANY, needle=77_777))


def _add_findings(database: Path, *, count: int, needle: int) -> None:
    with duckdb.connect(str(database)) as connection:
        connection.execute(SYNTHETIC.format(count=count, needle=needle))


@pytest.fixture(scope="module")
def address_of() -> Iterator[Callable[[Path, str], str]]:
    """Give the address of a site from disk or over a local server, which ends with the module."""
    servers: list[ThreadingHTTPServer] = []

    def address(site: Path, how: str) -> str:
        if how == "disk":
            return site.as_uri()
        server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site.parent)))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}/site"

    yield address
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[[str], Page]]:
    """Give an opener of pages; afterwards no request may have left and no script may have failed."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    asked: list[str] = []
    problems: list[str] = []
    opened: list[str] = []

    def open_one(address: str) -> Page:
        opened.append(address)
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
        page.goto(address)
        return page

    yield open_one
    context.close()
    homes = tuple({unquote(address).split("/site/")[0] + "/" for address in opened})
    assert [url for url in asked if not unquote(url).startswith((*homes, "data:"))] == []
    assert problems == []


def choose(page: Page, label: str, code: str) -> None:
    """Choose, of the filter with the label, the option of ``code``."""
    choices = page.get_by_label(label, exact=True)
    value = choices.locator(f"option[data-code={code}]").get_attribute("value")
    choices.select_option(value=value)


def rows(page: Page) -> list[str]:
    expect(page.locator("#register")).to_have_attribute("aria-busy", "false")
    return page.locator("#register tbody tr").all_inner_texts()


@pytest.mark.parametrize("how", ["disk", "server"])
def test_findings_are_searched_filtered_sorted_and_paged(
    small_site: Path, address_of, open_page, how: str
) -> None:
    page = open_page(f"{address_of(small_site, how)}/findings.html")
    expect(page.locator("#result")).to_contain_text("符合条件 123 条，显示第 1–50 条")
    page.get_by_role("button", name="下一页").click()
    expect(page.locator("#result")).to_contain_text("显示第 51–100 条")
    choose(page, "规则", "V04")
    expect(page.locator("#result")).to_contain_text("符合条件 25 条")
    assert all(text.startswith("V04") for text in rows(page))
    choose(page, "处理意见", "waived")
    expect(page.locator("#result")).to_contain_text("符合条件 3 条")
    page.get_by_role("button", name="清除条件").click()
    expect(page.locator("#result")).to_contain_text("符合条件 123 条")
    page.get_by_role("searchbox").fill("在此 针")
    expect(page.locator("#result")).to_contain_text("符合条件 1 条")
    assert "针<b>在此</b>" in rows(page)[0]
    page.get_by_role("searchbox").fill("没有这样的内容")
    expect(page.locator("#result")).to_have_text("没有符合条件的问题。")
    page.get_by_role("searchbox").fill("")
    page.locator("th[data-sort=report_year] button").click()
    expect(page.locator("th[data-sort=report_year]")).to_have_attribute("aria-sort", "ascending")
    assert "2020" in rows(page)[0]
    page.locator("th[data-sort=report_year] button").click()
    expect(page.locator("th[data-sort=report_year]")).to_have_attribute("aria-sort", "descending")
    assert "2025" in rows(page)[0]


@pytest.mark.parametrize("how", ["disk", "server"])
def test_english_is_one_click_away_and_keeps_what_was_asked(
    small_site: Path, address_of, open_page, how: str
) -> None:
    page = open_page(f"{address_of(small_site, how)}/findings.html#rule_id=V04&disposition=waived")
    expect(page.locator("#result")).to_contain_text("符合条件 3 条")
    page.get_by_role("link", name="English").click()
    expect(page.locator("#result")).to_contain_text("3 findings match")
    assert "to be mended" in rows(page)[0]
    assert page.locator("html").get_attribute("lang") == "en"


def test_a_zone_is_reached_from_a_finding_and_leads_back_to_its_own(
    small_site: Path, address_of, open_page
) -> None:
    page = open_page(f"{address_of(small_site, 'disk')}/findings.html#zone_id={ZONE}&rule_id=V04")
    rows(page)
    page.get_by_role("link", name="苏州合作区").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("苏州合作区")
    expect(page.get_by_role("img")).to_be_visible()
    assert page.get_by_role("img").evaluate("image => image.naturalWidth") > 100
    page.get_by_role("link", name="查询该合作区的全部问题").click()
    expect(page.locator("#result")).to_contain_text("符合条件 62 条")


def test_a_hundred_thousand_findings_stay_usable_and_what_is_left_off_is_said(
    large_site: Path, address_of, open_page
) -> None:
    page = open_page(f"{address_of(large_site, 'disk')}/findings.html")
    expect(page.locator("#capped")).to_contain_text("共 100,003 条问题，本页可查其中 100,000 条")
    expect(page.locator("#result")).to_contain_text("符合条件 100,000 条", timeout=10_000)
    choose(page, "处理意见", "open")
    expect(page.locator("#result")).to_contain_text("显示第 1–50 条", timeout=5_000)
    page.get_by_role("searchbox").fill("Y77778")
    expect(page.locator("#result")).to_contain_text("符合条件 1 条", timeout=30_000)
    size = sum(path.stat().st_size for path in large_site.rglob("*") if path.is_file())
    assert size < 80 * 2**20


def test_the_register_is_used_by_keyboard_alone(small_site: Path, address_of, open_page) -> None:
    page = open_page(f"{address_of(small_site, 'disk')}/findings.html")
    rows(page)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("针")
    expect(page.locator("#result")).to_contain_text("符合条件 1 条")
    page.get_by_role("button", name="规则", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.locator("th[data-sort=rule_id]")).to_have_attribute("aria-sort", "ascending")


def test_a_printed_page_leaves_out_what_only_a_screen_needs(small_site: Path, address_of, open_page) -> None:
    page = open_page(f"{address_of(small_site, 'disk')}/zones/{ZONE}.html")
    page.emulate_media(media="print")
    expect(page.get_by_role("navigation").first).to_be_hidden()
    expect(page.get_by_role("link", name="English")).to_be_hidden()
    expect(page.get_by_role("img")).to_be_visible()
    expect(page.get_by_text("还差 0.01 万元")).to_be_visible()
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
    too_wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    page.set_viewport_size({"width": 1050, "height": 740})
    assert page.evaluate(too_wide) <= 1


def test_what_changed_is_filtered_by_cause_and_the_language_switch_keeps_it(
    small_site: Path, address_of, open_page
) -> None:
    page = open_page(f"{address_of(small_site, 'disk')}/since_last_release.html")
    shown = page.locator("#changes tbody tr:visible")
    expect(shown).to_have_count(2)
    page.get_by_label("原因", exact=True).select_option("submission")
    expect(shown).to_have_count(1)
    expect(page.get_by_role("status")).to_have_text("显示 1 / 2 项")
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("status")).to_have_text("1 of 2 shown")
    page.get_by_role("button", name="Clear").click()
    expect(shown).to_have_count(2)


PAGES = [
    "index", "zones", f"zones/{ZONE}", "reports", "terms", "changes", "article_11", "applications",
    "promotion", "findings", "rules", "rules/V04", "since_last_release", "../handbook/index",
]  # fmt: skip


@pytest.mark.parametrize("suffix", [".html", ".en.html"])
@pytest.mark.parametrize("stem", PAGES)
def test_axe_finds_no_serious_issue(small_site: Path, address_of, open_page, stem: str, suffix: str) -> None:
    page = open_page(f"{address_of(small_site, 'disk')}/{stem}{suffix}")
    if stem == "findings":
        rows(page)
    # Preloading would ask for the style sheets a second time, which the page's policy forbids.
    found = Axe().run(page, options={"preload": False}).response["violations"]
    serious = [issue for issue in found if issue["impact"] in {"serious", "critical"}]
    assert [(issue["id"], [node["html"][:200] for node in issue["nodes"][:3]]) for issue in serious] == []
