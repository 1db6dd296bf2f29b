"""Promotion and services (Articles 12 to 15), as the authorities recorded them."""

from publication.site.charts.drawing import Charts
from publication.site.marts import Marts
from publication.site.pages import Pages
from publication.site.tables import zone_table


def write(pages: Pages, marts: Marts, charts: Charts) -> None:  # noqa: ARG001 - every page's writer is called alike
    """Write the page on promotion activities."""
    pages.write(
        "promotion",
        "promotion.html.j2",
        activities=zone_table(marts, "promotion_activities", "held_on desc nulls last, activity_id"),
    )
