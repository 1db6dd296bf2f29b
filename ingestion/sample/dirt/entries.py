"""Dirt of ledgers (V20): bad rows and a file in no known encoding; and what must be accepted."""

from datetime import date
from decimal import Decimal

from ingestion.sample.dirt.registry import dirt
from ingestion.sample.draft import Draft, LedgerFile
from ingestion.sample.facts import dimension_points, statistic_factors
from ingestion.sample.registers import LedgerRow, recorded

ENTERED = recorded(date(2026, 5, 11))


def _add(draft: Draft, ledger: str, **row: str) -> str:
    """Append a row to the ledger; give the path of its file."""
    draft.add_rows(ledger, {"recorded_at": ENTERED, **row})
    return draft.ledgers[ledger][-1].path


def _zone(draft: Draft, number: int) -> str:
    return draft.zones[number % len(draft.zones)].zone_id


@dirt("V20")
def day_that_there_is_not(draft: Draft) -> str:
    """Let an incident occur on 30 February, with a rank in words."""
    return _add(
        draft,
        "incidents",
        incident_id="I9001",
        zone_id=_zone(draft, 2),
        domain="quality",
        level_rank="较大",
        occurred_on="2026-02-30",
    )


@dirt("V20")
def unlisted_status(draft: Draft) -> str:
    """Give a supervision record a status that the list does not have."""
    return _add(
        draft,
        "supervision",
        record_id="S9001",
        zone_id=_zone(draft, 3),
        kind="refused_supervision",
        status="pending",
        found_on="2026-04-01",
    )


@dirt("V20")
def required_field_blank(draft: Draft) -> str:
    """Record a change without the day on which it took effect."""
    return _add(draft, "changes", change_id="C9001", zone_id=_zone(draft, 0), change_type="name")


@dirt("V20")
def score_above_the_points(draft: Draft) -> str:
    """Give a hundredth more than a dimension has points."""
    return _score(draft, "E91", max(dimension_points().values()) + Decimal("0.01"))


@dirt("V20")
def score_below_zero(draft: Draft) -> str:
    """Give less than nothing."""
    return _score(draft, "E92", Decimal("-0.01"))


def _score(draft: Draft, expert: str, score: Decimal) -> str:
    points = dimension_points()
    scored = draft.first_row("expert_scores")
    largest = max(points, key=lambda name: points[name])
    return _add(
        draft, "expert_scores", **(scored | {"expert_id": expert, "dimension": largest, "score": str(score)})
    )


@dirt("V20")
def unit_of_the_wrong_currency(draft: Draft) -> str:
    """State a province's exports in the unit of its foreign investment."""
    exports, investment = statistic_factors()
    row = next(row for row in draft.ledgers["provincial_statistics"][-1].rows if row["indicator"] == exports)
    unit = next(iter(statistic_factors()[investment]))
    return _add(
        draft,
        "provincial_statistics",
        **(row | {"unit": unit, "published_on": "2026-04-30", "recorded_at": ENTERED}),
    )


@dirt("V20")
def boolean_in_chinese(draft: Draft) -> str:
    """Say 是 where ledgers say true."""
    zone = draft.zones[0]
    return _add(
        draft,
        "designations",
        zone_id=zone.zone_id,
        zone_name=zone.name,
        authority_code=zone.authority.code,
        prefecture_code=zone.prefecture.code,
        designated_on="2026-01-05",
        legacy="是",
    )


@dirt("V20")
def moment_in_words(draft: Draft) -> str:
    """Record a credit record "last week"."""
    return _add(
        draft,
        "credit_records",
        record_id="R9001",
        zone_id=_zone(draft, 4),
        kind="major_violation",
        found_on="2026-04-20",
        recorded_at="上周五",
    )


@dirt("V20")
def comma_without_quotes(draft: Draft) -> str:
    """Let a title with a comma break its row into too many cells."""
    file = draft.ledgers["promotion"][-1]
    file.raw_lines.append("P9001,13,330000,,forum,2026-03-03,样例论坛,第二场,80,,2026-03-05T09:00:00+08:00")
    return file.path


@dirt("V20")
def ledger_in_utf_16(draft: Draft) -> str:
    """Save a ledger's file in an encoding that is neither of the two."""
    row: LedgerRow = {
        "region": "west",
        "criterion_id": "O01",
        "from_report_year": "2024",
        "threshold": "6",
        "recorded_at": ENTERED,
    }
    path = "ledgers/relaxations/unicode.csv"
    draft.ledgers["relaxations"].append(LedgerFile("relaxations", path, [row], "utf-16"))
    return path


@dirt()
def padded_ledger_header(draft: Draft) -> str:
    """Write a ledger's header with spaces around the names."""
    file = draft.ledgers["re_reviews"][0]
    file.padded_header = True
    return file.path


@dirt()
def withdrawn_receipt(draft: Draft) -> str:
    """Withdraw the receipt of a file that never came."""
    file = LedgerFile("receipts", "ledgers/receipts.csv", [])
    gone = {"file_name": "样例/从未送达.xlsx", "recorded_at": recorded(date(2026, 3, 2))}
    file.rows = [gone | {"received_at": gone["recorded_at"]}]
    file.rows.append(gone | {"void": "true", "recorded_at": recorded(date(2026, 3, 3))})
    draft.ledgers["receipts"] = [file]
    return file.path
