"""Annual reports and submissions: who has not reported, since when, and what was returned and why."""

from publication.site.charts.drawing import Charts
from publication.site.marts import Marts, grouped
from publication.site.pages import Pages
from publication.site.tables import LISTED, Table, zone_table

REASONS_LISTED = 20

SUBMISSIONS = f"""
select submissions.*, zones.zone_name
from submissions left join zones using (zone_id)
order by submissions.status = 'accepted', zone_id, submission_type, report_year, version, submission_id
limit {LISTED}
"""  # noqa: S608 - the only value put in is a number of this package

REASONS = f"""
select submission_id, rule_id, sheet, field, value, message_zh, message_en,
    count(*) over (partition by submission_id) as reasons
from quality_failures
where severity = 'S' and submission_id is not null
qualify row_number() over (
    partition by submission_id order by rule_id, sheet, field, failure_id
) <= {REASONS_LISTED}
order by submission_id, rule_id, sheet, field, failure_id
"""  # noqa: S608 - the only value put in is a number of this module


def write(pages: Pages, marts: Marts, charts: Charts) -> None:  # noqa: ARG001 - every page's writer is called alike
    """Write the page on reports: what is owed and not there, all reports, all submissions."""
    owed = reports = None
    if marts.has("annual_reports"):
        owed = zone_table(
            marts,
            "annual_reports",
            "days_overdue desc, due_on, zone_id, report_year",
            "status in ('missing', 'rejected')",
        )
        reports = zone_table(marts, "annual_reports", "report_year desc, zone_id")
    in_all = marts.rows("select count(*) as n from submissions")[0]["n"]
    pages.write(
        "reports",
        "reports.html.j2",
        owed=owed,
        reports=reports,
        submissions=Table("submissions", marts.rows(SUBMISSIONS), in_all),
        reasons=grouped(marts.rows(REASONS), "submission_id"),
        reasons_listed=REASONS_LISTED,
    )
