"""Officers' answers to failures (dispositions): some hold, one has run out, some never held (V21)."""

import hashlib
from datetime import date

from ingestion.sample.dirt.registry import dirt
from ingestion.sample.draft import Draft, NoHostError
from ingestion.sample.facts import sheet_names
from ingestion.sample.registers import LedgerRow, recorded
from ingestion.sample.submissions import make_content

PART, CELL = "\x1f", "\x1e"
"""What joins the parts of a failure's id, and those of a row's identity within it."""

FIRST = "1"
"""The running number of a failure that has none equal to it."""

FAILURE_ID_LENGTH = 32
OFFICER, APPROVER = "样例经办人甲", "样例审批人乙"
UNKNOWN_FAILURE = "0" * FAILURE_ID_LENGTH


def failure_of_cell(draft: Draft, rule_id: str, field: str, value: object) -> str:
    """Give the id that ``quality_failures`` will have for the roster cell in which dirt has put ``value``.

    Raises ``NoHostError`` when there is no such cell, ``ValueError`` when there are several.
    """
    found = [
        (submission, row)
        for submission in draft.submissions
        if submission.content_edits
        for row in make_content(submission, draft.shape).tables["roster"]
        if row.get(field) == value
    ]
    if not found:
        raise NoHostError(f"no roster cell of the sample has {value!r} in {field}")
    ((submission, row),) = found
    parts = (
        rule_id,
        submission.submission_type,
        submission.zone.zone_id,
        str(submission.report_year),
        sheet_names()["roster"],
        f"{row['uscc']}{CELL}{row['year']}",
        field,
        str(value),
        FIRST,
    )
    return hashlib.sha256(PART.join(parts).encode()).hexdigest()[:FAILURE_ID_LENGTH]


def _answer(draft: Draft, failure: str, disposition: str, **changes: str) -> str:
    """Append an answer; give the path of its file."""
    row: LedgerRow = {
        "failure_id": failure,
        "disposition": disposition,
        "officer": OFFICER,
        "reason": "样例理由",
        "recorded_at": recorded(date(2026, 5, 11)),
    }
    draft.add_rows("dispositions", row | changes)
    return draft.ledgers["dispositions"][-1].path


@dirt()
def answers_that_hold(draft: Draft) -> str:
    """Answer one failure in each of the three ways."""
    _answer(draft, failure_of_cell(draft, "V03", "employees", "约五十"), "correction_requested")
    _answer(draft, failure_of_cell(draft, "V03", "ownership", "国有"), "confirmed_correct")
    waived = failure_of_cell(draft, "V05", "foreign_share_pct", 120)
    return _answer(draft, waived, "waived", approver=APPROVER, expires_on="2027-12-31")


@dirt()
def answer_that_has_run_out(draft: Draft) -> str:
    """Waive a failure until a day before the sample's moment."""
    waived = failure_of_cell(draft, "V04", "revenue_wan", -10.5)
    return _answer(draft, waived, "waived", approver=APPROVER, expires_on="2026-06-15")


@dirt("V21")
def waived_without_approver(draft: Draft) -> str:
    """Waive a failure without anyone's approval."""
    waived = failure_of_cell(draft, "V07", "industry_code", "3424")
    return _answer(draft, waived, "waived", expires_on="2027-12-31")


@dirt("V21")
def approved_by_oneself(draft: Draft) -> str:
    """Approve one's own waiver."""
    waived = failure_of_cell(draft, "V07", "industry_code", "C6513")
    return _answer(draft, waived, "waived", approver=OFFICER)


@dirt("V21")
def answer_to_no_failure(draft: Draft) -> str:
    """Answer a failure that there never was."""
    return _answer(draft, UNKNOWN_FAILURE, "confirmed_correct")
