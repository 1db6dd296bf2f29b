"""Applications on their way (Article 7): stage, public notice, quota of recommendations."""

from publication.site.charts.drawing import Charts
from publication.site.marts import Marts
from publication.site.pages import Pages
from publication.site.tables import zone_table

QUOTAS = """
select authority_code, recommended, recommendation_quota
from authorities
where recommended > 0
order by recommended > recommendation_quota desc, authority_code
"""

ASSESSED = """
select zone_id, report_year, status, relaxed_status
from eligibility
where submission_type = 'application'
"""


def write(pages: Pages, marts: Marts, charts: Charts) -> None:  # noqa: ARG001 - every page's writer is called alike
    """Write the page on applications."""
    assessed = marts.rows(ASSESSED) if marts.has("eligibility") else []
    pages.write(
        "applications",
        "applications.html.j2",
        applications=zone_table(
            marts, "application_progress", "report_year desc, stage_on desc, application_progress.zone_id"
        ),
        assessed={(row["zone_id"], row["report_year"]): row for row in assessed},
        quotas=marts.rows(QUOTAS) if marts.has("authorities") else None,
    )
