"""The first page: the run, what came, where it is late or wrong, what has to be done today, the trend."""

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from ingestion.seeds import load_seed
from publication.site.charts.drawing import Charts
from publication.site.marts import Marts, Row, grouped
from publication.site.metrics import IN_ALL, Figures, criteria_met, figures_of, key_figures, told_by
from publication.site.pages import Pages
from publication.site.since_last_release import comparison
from publication.site.trend import counts_of, trend

ALERTS_LISTED = 500

TOTALS = (
    "zones_listed", "zones_designated", "submissions_received", "submissions_accepted",
    "submissions_rejected", "roster_rows", "roster_rows_quarantined", "findings", "open_findings",
)  # fmt: skip
"""The metrics that the page opens with."""

ASSESSMENTS = """
select submission_type, status, count(*) as assessments
from eligibility
group by submission_type, status
order by submission_type, status
"""

QUOTAS = """
select authority_code, regions.region, recommendation_quota
from authorities left join provincial_authorities as regions using (authority_code)
order by authority_code
"""

REGIONS = ("east", "central", "west", "northeast")
"""The order in which the regions stand; the seed ``provincial_authorities`` says what lies in each."""

BY_AUTHORITY = (
    "zones_designated", "reports_owed", "reports_on_time", "reports_late", "reports_missing",
    "reports_returned", "open_findings", "zones_recommended",
)  # fmt: skip
"""The metrics that stand by region and authority."""

ALERTS = f"""
select alert_key, kind, stage, zone_id, zone_name, alerts.authority_code, due_on, message_zh, message_en
from alerts left join zones using (zone_id)
order by due_on nulls last, kind, alert_key
limit {ALERTS_LISTED}
"""  # noqa: S608 - the only value put in is a number of this module


def write(pages: Pages, marts: Marts, charts: Charts, *, night: Path, earlier: Sequence[Path]) -> None:
    """Write the overview."""
    facts = pages.frame.facts
    present = {"release_id": facts.release_id, "as_of": facts.as_of} | counts_of(marts)
    releases = trend(present, earlier)
    figures = figures_of(marts)
    authorities = _authorities(marts, figures)
    pages.write(
        "index",
        "index.html.j2",
        totals=told_by(figures, *IN_ALL, TOTALS),
        key_figures=key_figures(marts),
        criteria=criteria_met(marts),
        assessments=marts.rows(ASSESSMENTS),
        regions=authorities,
        alerts=marts.rows(ALERTS) if marts.has("alerts") else None,
        alerts_in_all=marts.rows("select count(*) as n from alerts")[0]["n"] if marts.has("alerts") else 0,
        trend=releases,
        trend_chart=_trend_chart(charts, releases),
        region_chart=_region_chart(charts, authorities),
        ledgers=_ledgers(night),
        compared=comparison(marts),
    )


def _authorities(marts: Marts, figures: Figures) -> list[Row] | None:
    """Give a row a region, its authorities in it; ``None`` before the mart ``authorities`` is there."""
    if not marts.has("authorities", "metrics"):
        return None
    marts.with_seed("provincial_authorities", load_seed("provincial_authorities"))
    by_region = grouped(marts.rows(QUOTAS), "region")
    return [
        told_by(figures, "region", region, BY_AUTHORITY)
        | {
            "region": region,
            "authorities": [
                row | told_by(figures, "authority", row["authority_code"], BY_AUTHORITY) for row in rows
            ],
        }
        for region in REGIONS
        if (rows := by_region.get(region))
    ]


def _trend_chart(charts: Charts, releases: list[Row]) -> dict[str, str] | None:
    """Draw open findings and missing reports over the releases that can be read, where there are several."""
    readable = [row for row in releases if row["is_readable"]]
    if len(readable) < 2:
        return None
    return charts.add(
        "trend",
        "trend",
        lambda language: [
            {
                "release": row["release_id"],
                "as_of": f"{row['as_of']:%Y-%m-%d}",
                "measure": language.say(f"trend.{measure}"),
                "count": row[measure],
            }
            for row in readable
            for measure in ("open_findings", "reports_missing", "rejected")
            if row[measure] is not None
        ],
    )


def _region_chart(charts: Charts, regions: list[Row] | None) -> dict[str, str] | None:
    """Draw the latest year's reports by region and state."""
    if not regions or not any(region["reports_owed"] for region in regions):
        return None
    return charts.add(
        "regions",
        "regions",
        lambda language: [
            {
                "region": language.word("region", region["region"]),
                "state": language.word("report", state),
                "order": order,
                "count": int(count),
            }
            for region in regions
            for order, (state, count) in enumerate(
                (
                    ("on_time", region["reports_on_time"]),
                    ("late", region["reports_late"]),
                    ("rejected", region["reports_returned"]),
                    ("missing", region["reports_missing"] - region["reports_returned"]),
                )
            )
        ],
    )


def _ledgers(night: Path) -> list[Row]:
    """Give one row a ledger: its files and rows."""
    counts = pl.read_parquet(night / "ledger_counts.parquet")
    return (
        counts.group_by("ledger")
        .agg(
            pl.col("ledger_file").n_unique().alias("files"),
            pl.col("rows_read", "rows_accepted", "rows_quarantined", "rows_later").sum(),
        )
        .sort("ledger")
        .rows(named=True)
    )
