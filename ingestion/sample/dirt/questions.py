"""Dirt that no rule rejects but some rule asks about (Q and M)."""

from datetime import date
from functools import partial
from typing import Any

from ingestion.sample.dirt import edits
from ingestion.sample.dirt.registry import dirt
from ingestion.sample.draft import Draft, NoHostError
from ingestion.sample.enterprises import enterprise_code
from ingestion.sample.facts import wording
from ingestion.sample.registers import recorded
from ingestion.sample.statistics import FIRST_YEAR, statistic_years
from ingestion.sample.stories import LAST_REPORT_YEAR
from ingestion.sample.submissions import Submission

ENTERED = recorded(date(2026, 5, 12))


def _last_report(draft: Draft) -> Submission:
    return draft.host("annual_report", report_year=LAST_REPORT_YEAR)


def _change(host: Submission, number: int, **changes: Any) -> str:
    host.content_edits.append(
        partial(edits.edit_small_enterprise, of_year=host.report_year, number=number, **changes)
    )
    return host.path


@dirt("Q01")
def more_research_than_revenue(draft: Draft) -> str:
    """State more research expense than revenue."""
    return _change(_last_report(draft), 0, revenue_wan=800, rd_expense_wan=800.01)


@dirt("Q02")
def more_export_than_revenue(draft: Draft) -> str:
    """State more exports than revenue."""
    return _change(_last_report(draft), 0, revenue_wan=700, export_wan=900)


@dirt("Q03")
def revenue_without_employees(draft: Draft) -> str:
    """State revenue of an enterprise that employs no one."""
    return _change(_last_report(draft), 1, employees=0)


@dirt("Q04")
def eleven_times_the_revenue(draft: Draft) -> str:
    """Let an enterprise's revenue grow elevenfold within a year."""
    host = draft.host("application")
    return _change(host, 0, revenue_wan=0.5)


@dirt("Q05")
def tier_without_honour(draft: Draft) -> str:
    """Claim a tier of which the honours ledger knows nothing."""
    tier = wording("roster", "quality_tiers")["champion"]
    return _change(_last_report(draft), 2, quality_tiers=tier)


@dirt("Q06")
def enterprise_in_two_zones(draft: Draft) -> str:
    """Claim an enterprise that another zone reports as well."""
    host = draft.host("annual_report", story="reports in time", report_year=LAST_REPORT_YEAR)
    other = draft.zone_of("reports in the last second")
    return _change(host, 2, uscc=enterprise_code(other, 0))


@dirt("Q07")
def total_above_the_roster(draft: Draft) -> str:
    """Report a total a fifth above the roster's sum."""
    host = _last_report(draft)
    host.content_edits.append(
        partial(edits.scale_row, table="self_reported", number=2, field="value", factor=1.2)
    )
    return host.path


@dirt("Q08", "Q09")
def harsh_panel(draft: Draft) -> str:
    """Let a panel score a strong zone far below what the criteria alone would give, and one of it apart."""
    file = draft.ledgers["expert_scores"][-1]
    strong = draft.zone_of("designated after an objection")
    scores = [row for row in file.rows if row["zone_id"] == strong.zone_id]
    if not scores:
        raise NoHostError(f"no expert has scored {strong.zone_id}")
    for row in scores:
        row["score"] = "10" if row["expert_id"] == "E01" else "2.5"
    return file.path


@dirt("Q10")
def platform_gone(draft: Draft) -> str:
    """Leave out a body that last year's report had, without saying that it ended."""
    host = draft.host("annual_report", story="changes and incidents", report_year=LAST_REPORT_YEAR)
    host.content_edits.append(partial(edits.drop_rows, table="cooperation", number=0))
    return host.path


@dirt("Q11")
def patents_left_blank(draft: Draft) -> str:
    """Leave an optional field blank in every tenth row."""
    host = _last_report(draft)
    host.content_edits.append(
        partial(edits.edit_every, table="roster", step=10, field="pct_patents", write=_blank)
    )
    return host.path


@dirt("Q12")
def operator_changed_in_silence(draft: Draft) -> str:
    """Name another operator than the year before, with no change on record."""
    host = draft.host("annual_report", story="reports in the last second", report_year=LAST_REPORT_YEAR)
    host.content_edits.append(partial(edits.edit_cover, operator_name="样例新任运营管理机构"))
    return host.path


@dirt("Q13")
def target_lowered(draft: Draft) -> str:
    """Lower a target of the plan that an earlier workbook stated."""
    host = draft.host("annual_report", story="designated in the first batch", report_year=LAST_REPORT_YEAR)
    host.content_edits.append(
        partial(edits.scale_row, table="plan_targets", number=0, field="target", factor=0.9)
    )
    return host.path


@dirt("Q14")
def revenue_restated(draft: Draft) -> str:
    """Restate an enterprise's revenue of an earlier year in a re-review."""
    host = draft.host("re_review", story="renewed")
    host.content_edits.append(
        partial(edits.scale_row, table="roster", number=3, field="revenue_wan", factor=1.3)
    )
    return host.path


@dirt("Q15")
def two_rows_at_one_moment(draft: Draft) -> str:
    """Record a key twice, differently, at the same moment."""
    row = {
        "record_id": "R9002",
        "zone_id": draft.zone_of("withdrawn").zone_id,
        "kind": "serious_dishonesty",
        "found_on": "2026-02-24",
        "recorded_at": ENTERED,
    }
    draft.add_rows("credit_records", row, row | {"found_on": "2026-02-25"})
    return draft.ledgers["credit_records"][-1].path


@dirt("Q16")
def application_without_applicant(draft: Draft) -> str:
    """Leave out who applies."""
    host = draft.host("application")
    host.content_edits.append(partial(edits.edit_cover, applicant_name=None))
    return host.path


@dirt("Q17")
def sheets_and_columns_beyond(draft: Draft) -> str:
    """Add a sheet, a column and a key on the cover that the contract does not have."""
    host = draft.host("annual_report")
    host.sheet_edits += [
        partial(edits.add_sheets, names=("填表说明",)),
        partial(edits.append_column, table="roster", header="备注", value="样例备注"),
        partial(edits.append_column, table="cover", header="传真", value="000-0000-0000"),
    ]
    return host.path


@dirt("Q17")
def ledger_column_beyond(draft: Draft) -> str:
    """Add a column to a ledger that the contract does not have."""
    file = draft.ledgers["changes"][0]
    file.further_columns = ("remark",)
    return file.path


@dirt("Q18")
def re_review_of_no_term(draft: Draft) -> str:
    """Decide about a term that ends a day earlier than any term of the zone."""
    zone = draft.zone_of("reports in time")
    draft.add_rows(
        "re_reviews",
        {
            "zone_id": zone.zone_id,
            "term_ends_on": "2026-09-01",
            "decided_on": "2026-05-12",
            "outcome": "postponed",
            "recorded_at": ENTERED,
        },
    )
    return draft.ledgers["re_reviews"][-1].path


@dirt("Q20")
def site_visit_skipped(draft: Draft) -> str:
    """Leave out the site visit of a zone that was designated all the same."""
    file = draft.ledgers["applications"][0]
    zone = draft.zone_of("designated late in the year")
    file.rows = [row for row in file.rows if (row["zone_id"], row["stage"]) != (zone.zone_id, "site_visited")]
    return file.path


@dirt("M01", "M03")
def exports_above_the_province(draft: Draft) -> str:
    """State a province's exports of its zone's first report in the wrong unit, ten thousand times too low."""
    pilot = draft.zone_of("renewed")
    file = draft.ledgers["provincial_statistics"][0]
    row = _statistic(draft, pilot.authority.parent_province_code, pilot.story.reports[0][0])
    row |= {"value": "5", "unit": "CNY_100M"}
    return file.path


@dirt("M02")
def statistic_missing(draft: Draft) -> str:
    """Leave out a statistic that a comparison needs."""
    file = draft.ledgers["provincial_statistics"][0]
    zone = draft.zone_of("expiring")
    row = _statistic(draft, zone.authority.parent_province_code, LAST_REPORT_YEAR - 3)
    file.rows.remove(row)
    return file.path


@dirt("M03")
def scope_changed(draft: Draft) -> str:
    """Let the scope of a province's statistics change inside a comparison."""
    zone = draft.zone_of("not renewed")
    for year in range(FIRST_YEAR, statistic_years()[-2]):
        _statistic(draft, zone.authority.parent_province_code, year)["scope"] = "旧口径"
    return draft.ledgers["provincial_statistics"][0].path


@dirt("M04")
def more_recommended_than_the_quota(draft: Draft) -> str:
    """Let an authority recommend one zone more than its quota of the year."""
    file = draft.ledgers["applications"][0]
    declined = draft.zone_of("declined")
    draft.add_rows(
        "applications",
        {
            "zone_id": declined.zone_id,
            "report_year": str(declined.main_year),
            "stage": "recommended",
            "occurred_on": "2025-05-15",
            "recorded_at": recorded(date(2025, 5, 15)),
        },
    )
    return file.path


@dirt("M05")
def zone_that_no_one_knows(draft: Draft) -> str:
    """Drop every stage of an application that was handed in."""
    file = draft.ledgers["applications"][0]
    unknown = draft.zone_of("just submitted")
    file.rows = [row for row in file.rows if row["zone_id"] != unknown.zone_id]
    return next(s.path for s in draft.submissions if s.zone == unknown)


def _statistic(draft: Draft, province: str, year: int) -> dict[str, str]:
    """Give the province's first statistic of the year."""
    return next(
        row
        for row in draft.ledgers["provincial_statistics"][0].rows
        if (row["region_code"], row["year"]) == (province, str(year))
    )


def _blank(value: object) -> object:
    return None if value is not None else value
