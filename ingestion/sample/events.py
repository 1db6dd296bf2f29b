"""The ledgers of single events: changes, incidents, credit, supervision, promotion, relaxations.

Belongs here: small tables of invented events, told by the number of the zone they happen to.
"""

from datetime import date, timedelta

from ingestion.sample.facts import ledger_values, threshold
from ingestion.sample.registers import LedgerRow, recorded
from ingestion.sample.zones import Zone

CHANGES = (
    # story, type, changed, filed, reviewed, approved, outcome
    ("changes and incidents", "name", "2025-05-06", "2025-05-20", "2025-06-05", "2025-06-30", "approved"),
    ("changes and incidents", "operator", "2025-11-03", "2025-12-12", "2025-12-20", "", "returned"),
    ("changes and incidents", "boundary", "2026-04-20", "2026-06-04", "", "", ""),
    ("reports in time", "operator", "2026-05-18", "", "", "", ""),
    ("reports in the last second", "other", "2026-01-19", "", "", "", ""),
    ("reports and corrects itself", "boundary", "2025-08-11", "2025-11-28", "2025-12-08", "", "refused"),
    (
        "designated in the first batch",
        "other",
        "2026-02-02",
        "2026-03-31",
        "2026-04-10",
        "2026-05-06",
        "approved",
    ),
)
INCIDENTS = (
    # story, domain, rank, occurred, ruled
    ("changes and incidents", "work_safety", "2", "2025-09-14", "2025-10-30"),
    ("changes and incidents", "quality", "2", "2025-03-02", "2025-05-10"),
    ("reports in the first second too late", "environment", "", "2026-05-28", ""),
    ("declined", "cybersecurity", "3", "2024-02-11", "2024-04-01"),
    ("being evaluated", "data_security", "2", "2025-06-01", "2025-08-15"),
    ("in public notice", "work_safety", "3", "2022-12-30", "2023-03-01"),
    ("expiring", "environment", "1", "2024-08-08", "2024-09-30"),
    ("just submitted", "quality", "", "2026-03-03", ""),
    ("reports and corrects itself", "data_security", "4", "2025-12-01", "2026-01-20"),
)
CREDIT = (
    # story, kind, found, cleared
    ("designated, first report never sent", "serious_dishonesty", "2026-02-24", ""),
    ("reports in the last second", "major_violation", "2025-07-07", "2026-01-15"),
    ("withdrawn", "major_violation", "2026-03-30", ""),
    ("objected to", "serious_dishonesty", "2024-05-20", "2025-12-01"),
)
SUPERVISION = (
    # story, kind, status, found
    ("revoked", "refused_supervision", "confirmed", "2025-12-16"),
    ("reports in time", "data_falsification", "suspected", "2026-06-10"),
    ("designated after an objection", "false_application", "dismissed", "2025-08-20"),
    ("reports and corrects itself", "false_application", "confirmed", "2026-05-12"),
)


def _happened(
    zones: tuple[Zone, ...], events: tuple[tuple[str, ...], ...]
) -> list[tuple[Zone, tuple[str, ...]]]:
    """Pair each event of the table at each zone whose story it belongs to."""
    return [(zone, event[1:]) for zone in zones for event in events if event[0] == zone.story.name]


def change_rows(zones: tuple[Zone, ...]) -> list[LedgerRow]:
    """Give changes filed in time, filed late and not filed, in all outcomes; an outcome is a later row."""
    rows = []
    for number, (zone, event) in enumerate(_happened(zones, CHANGES), start=1):
        change_type, changed_on, filed_on, reviewed_on, approved_on, outcome = event
        entered = date.fromisoformat(filed_on or changed_on)
        row = {
            "change_id": f"C{number:04d}",
            "zone_id": zone.zone_id,
            "change_type": change_type,
            "changed_on": changed_on,
            "filed_on": filed_on,
            "old_value": "样例旧值",
            "new_value": "样例新值",
            "recorded_at": recorded(entered),
        }
        rows.append(row)
        if outcome:
            decided = date.fromisoformat(approved_on or reviewed_on)
            rows.append(
                row
                | {
                    "provincial_reviewed_on": reviewed_on,
                    "approved_on": approved_on,
                    "outcome": outcome,
                    "recorded_at": recorded(decided),
                }
            )
    return rows


def incident_rows(zones: tuple[Zone, ...]) -> list[LedgerRow]:
    """Give incidents below, at and above their barring rank, and some that no one has ruled on yet."""
    return [
        {
            "incident_id": f"I{number:04d}",
            "zone_id": zone.zone_id,
            "domain": domain,
            "level_rank": rank,
            "occurred_on": occurred_on,
            "ruled_on": ruled_on,
            "recorded_at": recorded(date.fromisoformat(ruled_on or occurred_on) + timedelta(days=1)),
        }
        for number, (zone, event) in enumerate(_happened(zones, INCIDENTS), start=1)
        for domain, rank, occurred_on, ruled_on in (event,)
    ]


def credit_rows(zones: tuple[Zone, ...]) -> list[LedgerRow]:
    """Give credit records, some of them cleared since."""
    rows = []
    for number, (zone, (kind, found_on, cleared_on)) in enumerate(_happened(zones, CREDIT), start=1):
        row = {
            "record_id": f"R{number:04d}",
            "zone_id": zone.zone_id,
            "kind": kind,
            "found_on": found_on,
            "recorded_at": recorded(date.fromisoformat(found_on)),
        }
        rows.append(row)
        if cleared_on:
            cleared = recorded(date.fromisoformat(cleared_on))
            rows.append(row | {"cleared_on": cleared_on, "recorded_at": cleared})
    return rows


def supervision_rows(zones: tuple[Zone, ...]) -> list[LedgerRow]:
    """Give supervision records of every status."""
    return [
        {
            "record_id": f"S{number:04d}",
            "zone_id": zone.zone_id,
            "kind": kind,
            "status": status,
            "found_on": found_on,
            "recorded_at": recorded(date.fromisoformat(found_on), hour=17),
        }
        for number, (zone, (kind, status, found_on)) in enumerate(_happened(zones, SUPERVISION), start=1)
    ]


def relaxation_rows() -> list[LedgerRow]:
    """Give relaxations of the revenue gate for every region that may have one, one for some years only."""
    return [
        {
            "region": region,
            "criterion_id": criterion_id,
            "from_report_year": from_year,
            "to_report_year": to_year,
            "threshold": str(threshold(criterion_id) * share // 100),
            "decision_no": f"样例放宽〔2025〕{number}号",
            "recorded_at": recorded(date(2025, 2, 10)),
        }
        for number, (region, criterion_id, from_year, to_year, share) in enumerate(
            (
                ("central", "G04", "2024", "", 60),
                ("west", "G04", "2024", "2024", 30),
                ("west", "G04", "2025", "", 40),
                ("northeast", "G04", "2024", "", 50),
                ("northeast", "O01", "2025", "2026", 40),
            ),
            start=1,
        )
    ]


def promotion_rows(zones: tuple[Zone, ...]) -> list[LedgerRow]:
    """Give promotion under each article, by the ministry (000000) and by authorities, some for one zone."""
    rows = []
    for number, kind in enumerate(ledger_values("promotion", "kind") * 2):
        zone = zones[number % len(zones)]
        article = 12 + number % 4
        held_on = date(2025, 1, 15) + timedelta(days=33 * number)
        rows.append(
            {
                "activity_id": f"P{number + 1:04d}",
                "article": str(article),
                "authority_code": "000000" if article == 12 else zone.authority.code,
                "zone_id": zone.zone_id if number % 3 else "",
                "kind": kind,
                "held_on": held_on.isoformat(),
                "title": f"样例推进活动{number + 1:02d}",
                "participants": str(40 * number) if number % 4 else "",
                "recorded_at": recorded(held_on + timedelta(days=4)),
            }
        )
    return rows
