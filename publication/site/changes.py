"""Changes that must be filed (Article 10): what is overdue, what is about to be."""

from publication.site.charts.drawing import Charts
from publication.site.marts import Marts
from publication.site.pages import Pages
from publication.site.tables import zone_table

MOST_URGENT_FIRST = (
    "case change_filings.status when 'overdue' then 1 when 'open' then 2 when 'late' then 3 else 4 end,"
    " deadline_on, change_id"
)


def write(pages: Pages, marts: Marts, charts: Charts) -> None:  # noqa: ARG001 - every page's writer is called alike
    """Write the page on change filings."""
    pages.write("changes", "changes.html.j2", changes=zone_table(marts, "change_filings", MOST_URGENT_FIRST))
