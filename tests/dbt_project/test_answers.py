"""The loop of a finding over the warehouse: asked, answered, and what the answer changes."""

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.slow

ZONE, SUBMISSION = "HZ32010001", "report"
COVER = {
    "submission_type": "annual_report",
    "zone_id": ZONE,
    "zone_name": "样例合作区",
    "authority_code": "320000",
    "prefecture_code": "320100",
    "report_year": 2025,
    "roster_rows": 1,
    "quarantined_rows": 0,
    "is_rejected": False,
}
ENTERPRISE = {"year": 2025, "uscc": "Y1", "industry_code": "C35", "ownership": "domestic", "employees": 10}
OPEN_FINDINGS = "select failure_id, disposition from marts.quality_failures where rule_id = 'Q07'"
CLAUSE_1 = f"select state, evidence from marts.revocation_triggers where zone_id = '{ZONE}' and clause = 1"


def fill(lake: Any) -> None:
    """Put a designated zone into the lake whose report says 200 where its roster says 100."""
    roster = [ENTERPRISE | {"row_number": 2, "revenue_wan": 100}]
    totals = [{"row_number": 2, "year": 2025, "indicator_code": "TOTAL_REVENUE", "value": 200}]
    lake.submit(SUBMISSION, cover=[COVER], roster=roster, self_reported=totals)
    received = {"submission_id": SUBMISSION, "received_at": "2026-03-20 10:00:00"}
    lake.record("submissions", [received | {"file_name": "a.xlsx", "received_basis": "receipt"}])
    designation = {"zone_id": ZONE, "zone_name": "样例合作区", "authority_code": "320000"}
    designation |= {"prefecture_code": "320100", "designated_on": "2025-09-12", "legacy": False}
    lake.record("ledgers/designations", [designation | {"is_in_force": True}])


def answer(lake: Any, failure_id: str, expires_on: str) -> None:
    """Record a waiver of one finding."""
    waiver = {"failure_id": failure_id, "disposition": "waived", "officer": "甲", "approver": "乙"}
    waiver |= {"reason": "样例", "expires_on": expires_on, "is_in_force": True, "row_number": 2}
    lake.record("ledgers/dispositions", [waiver])


def test_a_waiver_of_a_rules_finding_is_known_lifts_the_suspicion_and_ends_with_its_last_day(
    lake: Any, project_over: Callable[..., Any]
) -> None:
    fill(lake)
    project = project_over(lake.judged, lake.night)
    project.build("2026-06-30T00:00:00")
    [(failure_id, disposition)] = project.rows(OPEN_FINDINGS)
    assert disposition == "open"
    assert project.rows(CLAUSE_1) == [("at_risk", failure_id)]

    answer(lake, failure_id, expires_on="2026-06-30")
    project.build("2026-06-30T23:59:59")
    assert project.rows(OPEN_FINDINGS) == [(failure_id, "waived")]
    assert project.rows(CLAUSE_1) == [("clear", None)]
    assert project.rows("select 1 from marts.quality_failures where rule_id = 'V21'") == []

    project.build("2026-07-01T00:00:00")
    assert project.rows(OPEN_FINDINGS) == [(failure_id, "open")]
    assert project.rows(CLAUSE_1) == [("at_risk", failure_id)]
