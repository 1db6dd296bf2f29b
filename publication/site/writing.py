"""Writing the site of a release: which pages there are, in which order they are made."""

import shutil
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from publication.manifest import Manifest
from publication.site import (
    answers,
    applications,
    article_11,
    changes,
    findings,
    handbook,
    overview,
    promotion,
    reports,
    since_last_release,
    terms,
    zones,
)
from publication.site import rules as rule_pages
from publication.site.charts.drawing import Charts
from publication.site.marts import Marts, open_marts
from publication.site.pages import HANDBOOK, Frame, Pages
from publication.site.spreadsheets import spreadsheets_of
from publication.tables import DATABASE

SITE = "site"
ASSETS = Path(__file__).parent / "assets"
DOCUMENTS = ("data_docs", "dbt_docs")
"""What stands beside the site in a release, besides the handbook."""

PAGES: tuple[tuple[str, tuple[str, ...], Callable[..., None]], ...] = (
    (since_last_release.STEM, since_last_release.MARTS, since_last_release.write),
    ("zones", ("zones", "submissions", "eligibility"), zones.write),
    ("reports", ("submissions",), reports.write),
    ("terms", ("designations",), terms.write),
    ("changes", ("change_filings",), changes.write),
    ("article_11", ("revocation_triggers",), article_11.write),
    ("applications", ("application_progress",), applications.write),
    ("promotion", ("promotion_activities",), promotion.write),
    ("findings", ("quality_failures",), findings.write),
    ("rules", ("quality_failures",), rule_pages.write),
)
"""Every page of the navigation but the first: stem, the marts without which it is not made, writer."""


def write_site(facts: Manifest, folder: Path, night: Path, earlier: Sequence[Path] = ()) -> None:
    """Write the site and the handbook of the release at ``folder``, whose database stands there already.

    ``facts`` says what the release is, its files apart; ``night`` holds ``ledger_counts.parquet``;
    ``earlier`` are the folders of releases that stand, for the trend. The same marts, facts and earlier
    releases give the same bytes. Raises ``ValueError`` when a finding names a rule that the seed
    ``quality_rules`` lacks.
    """
    site = folder / SITE
    site.mkdir()
    shutil.copytree(ASSETS, site / "assets", ignore=shutil.ignore_patterns("__pycache__", "*.py"))
    with open_marts(folder / DATABASE) as marts:
        made = [(stem, write) for stem, needs, write in PAGES if marts.has(*needs)]
        spreadsheets = spreadsheets_of(folder)
        frame = Frame(
            facts=facts,
            navigation=("index", *(stem for stem, _ in made), *(["answers"] if spreadsheets.answers else [])),
            returned=spreadsheets.returned,
            zones=_zones(marts),
            rules=rule_pages.known_rules(marts),
            documents=(HANDBOOK, *(name for name in DOCUMENTS if (folder / name).is_dir())),
        )
        pages, charts = Pages(site, frame), Charts(site)
        overview.write(pages, marts, charts, night=night, earlier=earlier)
        handbook.write(Pages(folder / HANDBOOK, replace(frame, site=f"../{SITE}/")), marts)
        if spreadsheets.answers:
            answers.write(pages, spreadsheets)
        # Node draws beside the pages that follow: it is another process, and its charts are known by then.
        with ThreadPoolExecutor(max_workers=1) as beside:
            drawn = []
            for _, write in made:
                write(pages, marts, charts)
                drawn.append(beside.submit(charts.draw))
        for drawing in drawn:
            drawing.result()


def _zones(marts: Marts) -> frozenset[str]:
    """Give the zones that have a page."""
    return frozenset(row["zone_id"] for row in marts.rows("select zone_id from zones"))
