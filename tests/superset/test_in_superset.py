"""The dashboard in a real Superset, on both shelves: imported, asked by its own page, looked at.

The charts' queries are those that Superset's page sends; what they answer is held against plain SQL on the
marts.
"""

import os
import re
import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml
from playwright.sync_api import Browser, Locator, Page, Response, expect

from ingestion.seeds import load_seed
from publication.superset.bundle import bundle_files

pytestmark = [pytest.mark.slow, pytest.mark.superset]

SHELVES = ["duckdb", "postgres"]
PATIENCE = 240_000
"""How long the page may take to show everything, in milliseconds."""

REGION = (
    "?native_filters=(NATIVE_FILTER-region:(extraFormData:(filters:!((col:region,op:IN,val:!('{0}')))),"
    "filterState:(value:!('{0}')),id:NATIVE_FILTER-region,ownState:()))"
)
"""What an address says to filter by a region."""

LARGE_FIGURES = {
    "认定之中的合作区": "zones_designated",
    "按时报送率": "reports_on_time_share",
    "监测正常的占比": "zones_on_track_share",
    "开放合作参考分中位数": "openness_median_low",
    "未处理的问题": "open_findings",
    "一年内到期的有效期": "terms_expiring_within_year",
    "到期待复核的有效期": "terms_awaiting_review",
    "逾期未申报的变更": "changes_overdue",
}
"""The charts of one figure, and the metric that each shows."""

INK = """canvas => {
    const {width, height} = canvas;
    const pixels = canvas.getContext('2d').getImageData(0, 0, width, height).data;
    return new Set(new Uint32Array(pixels.buffer)).size;
}"""
"""How many colours a canvas shows."""


@dataclass(frozen=True)
class Look:
    """What was seen of a dashboard: each chart's answer by its title, and the page, still open."""

    page: Page
    answers: dict[str, list[dict[str, Any]]]
    charts: dict[str, Locator]


class Answers:
    """The answers of Superset's chart data API to the page."""

    def __init__(self, page: Page) -> None:
        self.responses: list[Response] = []
        page.on("response", self._keep)

    def _keep(self, response: Response) -> None:
        if "/api/v1/chart/data" in response.url and "slice_id" in (response.request.post_data or ""):
            self.responses.append(response)

    def rows(self, titles: dict[int, str]) -> dict[str, list[dict[str, Any]]]:
        """Give the rows by the chart's title; an answer that is an error fails."""
        found = {}
        for response in self.responses:
            asked = response.request.post_data_json["form_data"].get("slice_id")
            if asked in titles:
                assert response.status == 200, f"{titles[asked]}: {response.text()}"
                (result,) = response.json()["result"]
                assert result["error"] is None, f"{titles[asked]}: {result['error']}"
                found[titles[asked]] = result["data"]
        return found


@pytest.fixture(scope="module")
def look(browser: Browser, supersets, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Look]:
    """Give what is seen of a shelf's dashboard; it is opened once and kept as a picture besides."""
    seen: dict[str, Look] = {}
    pictures = tmp_path_factory.mktemp("pictures")

    def open_once(code: str) -> Look:
        if code not in seen:
            seen[code] = open_dashboard(browser, supersets[code], pictures / f"{code}.png")
        return seen[code]

    return open_once


def open_dashboard(browser: Browser, superset, picture: Path) -> Look:
    """Log in, open the dashboard, wait for every chart and take its picture."""
    page = browser.new_page(viewport={"width": 1500, "height": 6600}, locale="zh-CN")
    page.set_default_timeout(PATIENCE)
    page.goto(f"{superset.address}/login/")
    page.fill("#username", "admin")
    page.fill("#password", "a password of these tests")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/login" not in url)
    return see(page, superset, picture)


def see(page: Page, superset, picture: Path, choice: str = "") -> Look:
    """Load the dashboard anew, with the filters of ``choice``, and wait until nothing on it is loading."""
    answers = Answers(page)
    page.goto(superset.dashboard + choice)
    told = page.request.get(f"{superset.address}/api/v1/dashboard/coopzones-{superset.shelf.code}/charts")
    titles = {chart["id"]: chart["slice_name"] for chart in told.json()["result"]}
    charts = {title: page.locator(f".dashboard-chart-id-{number}") for number, title in titles.items()}
    for chart in charts.values():
        expect(chart.locator("canvas, table tbody tr, .header-line").first).to_be_visible(timeout=PATIENCE)
    expect(page.locator("[data-test=loading-indicator]")).to_have_count(0, timeout=PATIENCE)
    page.wait_for_timeout(1500)  # charts grow into place
    page.screenshot(path=picture, full_page=True)
    if kept := os.environ.get("COOPZONES_PICTURES"):
        shutil.copy(picture, kept)
    return Look(page, answers.rows(titles), charts)


def titles_of_bundle(shelf) -> set[str]:
    charts = [yaml.safe_load(text) for path, text in bundle_files(shelf) if path.startswith("charts/")]
    return {chart["slice_name"] for chart in charts}


def chart_rows(look: Look, title: str) -> list[dict[str, Any]]:
    """Give the rows of the chart whose title begins with ``title``."""
    (found,) = [rows for name, rows in look.answers.items() if name.startswith(title)]
    return found


def wordings(kind: str) -> dict[str, str]:
    """Give the dashboard's wording of the states of a ``kind``, by code."""
    rows = load_seed("messages").iter_rows(named=True)
    return {row["code"]: f"{row['zh']} {row['en']}" for row in rows if row["kind"] == kind}


@pytest.mark.parametrize("code", SHELVES)
def test_every_chart_of_the_bundle_answers_with_rows(look, supersets, code: str) -> None:
    answers = look(code).answers
    assert set(answers) == titles_of_bundle(supersets[code].shelf)
    assert [title for title, rows in answers.items() if not rows] == []


@pytest.mark.parametrize("code", SHELVES)
def test_no_chart_shows_an_error_and_every_one_shows_figures(look, code: str) -> None:
    seen = look(code)
    for title, chart in seen.charts.items():
        assert chart.locator(".ant-alert, [role=alert], .ant-empty, .missing-chart-container").count() == 0, (
            title
        )
        canvas = chart.locator("canvas")
        if canvas.count():
            assert canvas.first.evaluate(INK) > 10, f"{title} is blank"
        else:
            assert any(letter.isdigit() for letter in chart.inner_text()), title


def test_both_shelves_give_the_same_rows(look) -> None:
    for title, rows in look("duckdb").answers.items():
        other = look("postgres").answers[title]
        assert Counter(map(comparable, rows)) == Counter(map(comparable, other)), title


def comparable(row: dict[str, Any]) -> tuple[tuple[str, Any], ...]:
    """Give a row so that equal ones compare equal: figures to nine places."""
    figures = (int, float)
    return tuple(sorted((name, round(v, 9) if isinstance(v, figures) else v) for name, v in row.items()))


@pytest.mark.parametrize("code", SHELVES)
def test_zones_by_region_are_those_of_the_mart(look, marts: duckdb.DuckDBPyConnection, code: str) -> None:
    regions = wordings("region")
    counted = marts.sql(
        "select region, count(*) filter (is_designated), count(*) filter (not is_designated) "
        "from marts.zones group by region"
    ).fetchall()
    assert {(regions[region], yes, no) for region, yes, no in counted} == {
        (row["region"], row["zones_designated"], row["zones_not_designated"])
        for row in chart_rows(look(code), "各地区的合作区")
    }


@pytest.mark.parametrize("code", SHELVES)
def test_the_large_figures_are_those_of_the_mart_metrics(
    look, marts: duckdb.DuckDBPyConnection, code: str
) -> None:
    metrics = marts.sql("select metric_code, value from marts.metrics where dimension = 'all'").fetchall()
    shown = {title: chart_rows(look(code), title) for title in LARGE_FIGURES}
    assert {
        title: [{"value_shown": pytest.approx(float(dict(metrics)[LARGE_FIGURES[title]]))}] for title in shown
    } == shown


@pytest.mark.parametrize("code", SHELVES)
def test_reports_by_year_are_those_of_the_mart(look, marts: duckdb.DuckDBPyConnection, code: str) -> None:
    states = wordings("report")
    counted = marts.sql(
        "select report_year, status, count(*) from marts.annual_reports group by all"
    ).fetchall()
    assert {(year, states[status], number) for year, status, number in counted} == {
        (row["report_year"], state, number)
        for row in chart_rows(look(code), "历年年度报告的状态")
        for state, number in row.items()
        if state != "report_year" and number
    }


@pytest.mark.parametrize("code", SHELVES)
def test_findings_by_rule_are_those_of_the_mart(look, marts: duckdb.DuckDBPyConnection, code: str) -> None:
    counted = marts.sql("select rule_id, count(*) from marts.quality_failures group by rule_id").fetchall()
    assert dict(counted) == {
        row["rule_id"]: sum(number or 0 for name, number in row.items() if name != "rule_id")
        for row in chart_rows(look(code), "各规则的问题")
    }


@pytest.mark.parametrize("code", SHELVES)
def test_scores_by_dimension_are_those_of_the_newest_assessments(
    look, marts: duckdb.DuckDBPyConnection, code: str
) -> None:
    scored = marts.sql("""
        with newest as (
            select zone_id, submission_type, max(report_year) as report_year
            from marts.eligibility group by all
        )
        select avg(reference_low / points) as share
        from marts.scorecard_dimensions
        join marts.eligibility using (assessment_id)
        join newest using (zone_id, submission_type, report_year)
        group by dimension
        order by share
    """).fetchall()
    shown = sorted(row["reference_low_share"] for row in chart_rows(look(code), "各方面得分"))
    assert shown == pytest.approx([float(Decimal(share)) for (share,) in scored])


def test_the_page_about_python_reads_postgresql_as_it_says(postgres_marts: str, marts) -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "bi" / "python.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```python postgres\n(.*?)```", page, re.DOTALL)
    names: dict[str, Any] = {}
    exec(block.replace("postgresql://reader@db.example.cn:5432/coopzones", postgres_marts), names)  # noqa: S102
    assert marts.sql("select count(*) from marts.zones where is_designated").fetchone() == (
        names["designated"],
    )
    missing = marts.sql("select zone_id, report_year from marts.annual_reports where status = 'missing'")
    assert sorted(missing.fetchall()) == sorted(names["overdue"])
    assert names["release_id"] == 2


def test_choosing_a_region_leaves_the_zones_of_that_region(
    look, supersets, marts: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    west = wordings("region")["west"]
    seen = see(look("postgres").page, supersets["postgres"], tmp_path / "west.png", REGION.format(west))
    assert [row["region"] for row in chart_rows(seen, "各地区的合作区")] == [west]
    (owed,) = marts.sql(
        "select count(*) from marts.annual_reports join marts.zones using (zone_id) where region = 'west'"
    ).fetchall()
    shown = chart_rows(seen, "历年年度报告的状态")
    assert owed == (sum(n or 0 for row in shown for name, n in row.items() if name != "report_year"),)


def test_a_new_release_is_seen_at_the_next_look(look, supersets, home: Path, tmp_path: Path) -> None:
    page = look("duckdb").page
    current = home / "releases" / "current"
    standing, new = current.resolve(), home / "releases" / "another"
    new.mkdir()
    shutil.copy(standing / "coopzones.duckdb", new)
    (new / "coopzones.duckdb").chmod(0o600)
    with duckdb.connect(str(new / "coopzones.duckdb")) as writer:
        writer.execute("delete from marts.quality_failures where rule_id <> 'V01'")
    beside = home / "releases" / "beside"
    beside.symlink_to(new)
    beside.replace(current)
    try:
        seen = see(page, supersets["duckdb"], tmp_path / "swapped.png")
    finally:
        beside.symlink_to(standing)
        beside.replace(current)
    assert [row["rule_id"] for row in chart_rows(seen, "各规则的问题")] == ["V01"]
