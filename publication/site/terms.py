"""Terms of designation: which end soon, which await re-review, and the dossier for the decision."""

from publication.site.charts.drawing import Charts
from publication.site.marts import Marts
from publication.site.pages import Pages
from publication.site.tables import zone_table

MOST_URGENT_FIRST = (
    "case designations.status when 'expired_pending_review' then 1 when 'expiring' then 2 when 'valid' then 3"
    " else 4 end, days_to_expiry, designations.zone_id, term_no"
)


def write(pages: Pages, marts: Marts, charts: Charts) -> None:  # noqa: ARG001 - every page's writer is called alike
    """Write the page on terms."""
    dossiers = None
    if marts.has("re_review_dossiers"):
        dossiers = zone_table(marts, "re_review_dossiers", "term_to, re_review_dossiers.zone_id, term_no")
    pages.write(
        "terms",
        "terms.html.j2",
        terms=zone_table(marts, "designations", MOST_URGENT_FIRST),
        dossiers=dossiers,
    )
