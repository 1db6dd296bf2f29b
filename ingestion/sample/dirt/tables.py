"""Dirt of single rows of the smaller sheets (V10 to V12)."""

from datetime import date
from functools import partial

from ingestion.sample.dirt import edits
from ingestion.sample.dirt.registry import dirt
from ingestion.sample.draft import Draft
from ingestion.sample.enterprises import Row
from ingestion.sample.facts import wording
from ingestion.sample.submissions import Submission
from ingestion.sample.workbooks import Formula


def _host(draft: Draft) -> Submission:
    return draft.host("annual_report")


def _append(draft: Draft, table: str, row: Row) -> str:
    host = _host(draft)
    host.content_edits.append(partial(edits.append_row, table=table, row=row))
    return host.path


def _activity(host: Submission, **changes: object) -> Row:
    return {
        "held_on": date(host.report_year, 6, 6),
        "service_area": wording("activities", "service_area")["policy"],
        "name": "样例服务活动（误）",
        "participants": 8,
    } | changes


def _body(category: str, **changes: object) -> Row:
    return {
        "category": wording("cooperation", "category")[category],
        "name": "样例机构（误）",
        "country": "DE",
        "established_on": date(2018, 4, 1),
    } | changes


def _append_activity(draft: Draft, **changes: object) -> str:
    host = _host(draft)
    row = _activity(host, **changes)
    host.content_edits.append(partial(edits.append_row, table="activities", row=row))
    return host.path


@dirt("V10")
def activity_in_another_year(draft: Draft) -> str:
    """Report an activity of the day after the report year."""
    host = _host(draft)
    row = _activity(host, held_on=date(host.report_year + 1, 1, 1))
    host.content_edits.append(partial(edits.append_row, table="activities", row=row))
    return host.path


@dirt("V10")
def activity_without_name(draft: Draft) -> str:
    """Report an activity without a name, on a day that the calendar does not have."""
    return _append_activity(draft, name=None, held_on="2025-02-30")


@dirt("V10")
def fewer_than_no_participants(draft: Draft) -> str:
    """Report an activity with fewer than no participants."""
    return _append_activity(draft, participants=-3)


@dirt("V10")
def unlisted_service_area(draft: Draft) -> str:
    """Report an activity in an area that the list does not have."""
    return _append_activity(draft, service_area="联谊交流")


@dirt("V10")
def plan_of_six_years(draft: Draft) -> str:
    """State a target of a plan that is a year too long."""
    row = {
        "plan_from": 2024,
        "plan_to": 2029,
        "indicator_code": "EXPORT",
        "baseline": 100,
        "target": 150,
    }
    return _append(draft, "plan_targets", row)


@dirt("V10")
def target_of_no_number(draft: Draft) -> str:
    """State a target for an indicator that is no number."""
    row = {
        "plan_from": 2024,
        "plan_to": 2028,
        "indicator_code": "BOUNDARY_DEFINED",
        "baseline": 0,
        "target": "提高一倍",
    }
    return _append(draft, "plan_targets", row)


@dirt("V10")
def unknown_self_reported_code(draft: Draft) -> str:
    """State a total under a code that zones do not report themselves."""
    row = {"year": 2025, "indicator_code": "SME_COUNT_SHARE", "value": 0.8}
    return _append(draft, "self_reported", row)


@dirt("V10")
def failed_total(draft: Draft) -> str:
    """State a total that is a formula that failed."""
    row = {"year": 2025, "indicator_code": "EXPORT", "value": Formula("=Z1", "#REF!")}
    return _append(draft, "self_reported", row)


@dirt("V10")
def document_without_date(draft: Draft) -> str:
    """List a document without saying when it was made."""
    row: Row = {
        "document_type": wording("documents", "document_type")["other"],
        "title": "样例文件（误）",
    }
    return _append(draft, "documents", row)


@dirt("V11")
def ended_before_established(draft: Draft) -> str:
    """Let a body end the day before it was established."""
    return _append(draft, "cooperation", _body("international_service_body", ended_on=date(2018, 3, 31)))


@dirt("V12")
def overseas_without_country(draft: Draft) -> str:
    """Leave the country of an overseas body blank."""
    return _append(draft, "cooperation", _body("overseas_branch", country=None))


@dirt("V12")
def overseas_at_home(draft: Draft) -> str:
    """Let an overseas body lie in China."""
    return _append(draft, "cooperation", _body("overseas_rd", country="CN"))


@dirt("V12")
def country_in_lower_case(draft: Draft) -> str:
    """Write a country's code in lower case."""
    return _append(draft, "cooperation", _body("overseas_liaison", country="de"))
