"""The zones: a list of all, and a page each with everything that the marts say of it."""

from collections.abc import Iterable
from typing import Any

from publication.site.assessments import Assessments
from publication.site.charts.drawing import Charts
from publication.site.language import Language
from publication.site.marts import Marts, Row, grouped
from publication.site.pages import Pages, zone_page

FINDINGS_LISTED = 20
SUBMISSIONS_LISTED = 60
ACTIVITIES_LISTED = 30

ZONES = """
with newest as (
    select zone_id, assessment_id, submission_type, report_year, status
    from eligibility
    qualify row_number() over (
        partition by zone_id order by report_year desc, submission_type, assessment_id
    ) = 1
),
open_findings as (
    select zone_id, count(*) as open_findings
    from quality_failures
    where disposition = 'open'
    group by zone_id
)
select
    zones.*,
    newest.submission_type as assessed_type,
    newest.report_year as assessed_year,
    newest.status as assessed_status,
    coalesce(open_findings, 0) as open_findings
from zones left join newest using (zone_id) left join open_findings using (zone_id)
order by authority_code nulls last, zone_id
"""

SUBMISSIONS = f"""
select *
from submissions
where zone_id is not null
qualify row_number() over (
    partition by zone_id order by received_at desc, submission_id
) <= {SUBMISSIONS_LISTED}
order by zone_id, report_year desc, submission_type, version desc
"""  # noqa: S608 - the only value put in is a number of this module

FINDINGS_BY_RULE = """
select zone_id, rule_id, severity, article, count(*) as findings,
    count(*) filter (disposition = 'open') as open_findings
from quality_failures
where zone_id is not null
group by all
order by zone_id, rule_id
"""

FINDINGS = f"""
select failures.*, submissions.file_name
from quality_failures as failures left join submissions using (submission_id)
where failures.zone_id is not null
qualify row_number() over (
    partition by failures.zone_id
    order by disposition <> 'open', failures.report_year desc nulls last, rule_id, failure_id
) <= {FINDINGS_LISTED}
order by zone_id, disposition <> 'open', failures.report_year desc nulls last, rule_id, failure_id
"""  # noqa: S608 - the only value put in is a number of this module

ACTIVITIES = f"""
select *
from promotion_activities
where zone_id is not null
qualify row_number() over (partition by zone_id order by held_on desc, activity_id) <= {ACTIVITIES_LISTED}
order by zone_id, held_on desc, activity_id
"""  # noqa: S608 - the only value put in is a number of this module

SECTIONS: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("submissions", ("submissions",), SUBMISSIONS),
    ("terms", ("designations",), "select * from designations order by zone_id, term_no desc"),
    ("dossiers", ("re_review_dossiers",), "select * from re_review_dossiers order by zone_id, term_no desc"),
    ("reports", ("annual_reports",), "select * from annual_reports order by zone_id, report_year desc"),
    (
        "plans",
        ("plan_progress",),
        "select * from plan_progress order by zone_id, plan_from desc, indicator_code",
    ),
    (
        "changes",
        ("change_filings",),
        "select * from change_filings order by zone_id, changed_on desc, change_id",
    ),
    ("triggers", ("revocation_triggers",), "select * from revocation_triggers order by zone_id, clause"),
    (
        "applications",
        ("application_progress",),
        "select * from application_progress order by zone_id, report_year desc",
    ),
    ("activities", ("promotion_activities",), ACTIVITIES),
    ("found_by_rule", ("quality_failures",), FINDINGS_BY_RULE),
    ("findings", ("quality_failures", "submissions"), FINDINGS),
)
"""Parts of a zone's page: name in the template, the marts without which it is not shown, its rows."""


def write(pages: Pages, marts: Marts, charts: Charts) -> None:
    """Write the list of zones and a page a zone."""
    zones = marts.rows(ZONES)
    terms = _running_terms(marts)
    pages.write("zones", "zones.html.j2", zones=zones, terms=terms)
    assessments = Assessments(marts)
    parts = _parts(marts)
    for zone in zones:
        zone_id = zone["zone_id"]
        assessed = assessments.of_zone(zone_id)
        chart = _scorecard_chart(charts, zone_id, assessed)
        own: dict[str, Any] = {name: rows.get(zone_id, []) for name, rows in parts.items()}
        pages.write(
            zone_page(zone_id),
            "zone.html.j2",
            zone=zone,
            has=frozenset(parts),
            term=terms.get(zone_id),
            assessments=assessed,
            indicators=assessments.indicators_of(zone_id),
            chart=chart,
            **{name: own.get(name, []) for name, _, _ in SECTIONS},
            findings_listed=FINDINGS_LISTED,
        )


def _parts(marts: Marts) -> dict[str, dict[str, list[Row]]]:
    """Give the rows of each part whose marts are there, by zone."""
    return {name: grouped(marts.rows(sql), "zone_id") for name, needs, sql in SECTIONS if marts.has(*needs)}


def _running_terms(marts: Marts) -> dict[str, Row]:
    """Give the newest term of each zone that has begun, or else its first."""
    if not marts.has("designations"):
        return {}
    rows: Iterable[Row] = marts.rows("select * from designations order by zone_id, term_no")
    return {row["zone_id"]: row for row in rows}


def _scorecard_chart(charts: Charts, zone_id: str, assessments: list[Row]) -> dict[str, str] | None:
    """Draw the dimensions of the newest assessment that has a scorecard."""
    newest = next((assessment for assessment in assessments if assessment["dimensions"]), None)
    if newest is None:
        return None

    def rows(language: Language) -> list[dict[str, Any]]:
        return [
            {
                "dimension": language.name("dimension", dimension["dimension"]),
                "points": dimension["points"],
                "minimum": dimension["minimum"],
                "panel_score": dimension["panel_score"],
                "reference_low": dimension["reference_low"],
                "reference_high": dimension["reference_high"],
            }
            for dimension in newest["dimensions"]
        ]

    return charts.add(zone_page(zone_id).removeprefix("zones/"), "scorecard", rows)
