"""dbt's documentation of the project as it stands: made as a night makes it, opened in a real browser.

The browser needs Debian's ``chromium``; without it that test fails and says so.
"""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from ingestion.seeds import SEEDS
from publication.dbt_docs import write_dbt_docs
from publication.mart_contracts import mart_contracts


@pytest.fixture(scope="module")
def page(project: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the page of the project's documentation in a release."""
    assert project.run("docs", "generate", "--no-compile").success
    release: Path = tmp_path_factory.mktemp("release")
    write_dbt_docs(project.home / "target", release, project.home)
    return release / "dbt_docs" / "index.html"


def test_it_tells_every_mart_and_every_exposure_and_nothing_of_the_machine(page: Path, project: Any) -> None:
    html = page.read_text(encoding="utf-8")
    for mart in mart_contracts():
        assert f'"model.coopzones.{mart.name}"' in html
    assert '"exposure.coopzones.site"' in html
    assert "数据平台 · coopzones" in html
    assert str(project.home) not in html
    assert str(SEEDS.parent.parent) not in html


@pytest.mark.slow
@pytest.mark.browser
def test_it_opens_from_a_disk_and_asks_for_nothing(page: Path, browser: Browser) -> None:
    asked: list[str] = []
    complaints: list[str] = []
    shown = browser.new_page()
    shown.on("request", lambda request: asked.append(request.url))
    shown.on("console", lambda message: complaints.append(message.text))
    shown.on("pageerror", lambda error: complaints.append(str(error)))
    shown.goto(f"{page.as_uri()}#!/model/model.coopzones.metrics")
    expect(shown.get_by_text("metric_name_zh").first).to_be_visible()
    expect(shown.get_by_text("DECIMAL(38,18)").first).to_be_visible()
    shown.close()
    assert asked == [page.as_uri()]
    assert complaints == []
