"""The ledgers that authorities would keep about the zones' stories, before any dirt.

Belongs here: rows of every ledger but receipts (which follow from what is written) and statistics. Does
not belong here: files and encodings (ledger_files).
"""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from ingestion.sample.enterprises import enterprise_code, sme_count, tiers_of
from ingestion.sample.facts import dimension_points, minimum_score, parameter, threshold
from ingestion.sample.shape import SampleShape
from ingestion.sample.zones import Zone

LedgerRow = dict[str, str]
HUNDREDTH = Decimal("0.01")


def recorded(day: date, hour: int = 9) -> str:
    """Give the moment so many hours into the day as ledgers write it."""
    return f"{day.isoformat()}T{hour:02d}:00:00+08:00"


def term_end(zone: Zone) -> date:
    """Give the last day of the zone's first term; only for zones that are designated."""
    begun = zone.story.designated_on
    if begun is None:
        raise ValueError(f"{zone.zone_id} is not designated, so it has no term")
    if zone.story.legacy:
        begun = date.fromisoformat(parameter("legacy_term_starts_on"))
    return begun.replace(year=begun.year + int(parameter("designation_term_years"))) - timedelta(days=1)


def designation_rows(zones: tuple[Zone, ...]) -> list[LedgerRow]:
    """Give designations, legacy and new; every tenth name was first recorded wrong and then corrected."""
    rows = []
    for zone in zones:
        begun = zone.story.designated_on
        if begun is None:
            continue
        entered = max(begun, date(2024, 9, 4)) if zone.story.legacy else begun
        row = {
            "zone_id": zone.zone_id,
            "zone_name": zone.name,
            "authority_code": zone.authority.code,
            "prefecture_code": zone.prefecture.code,
            "designated_on": begun.isoformat(),
            "legacy": "true" if zone.story.legacy else "false",
            "decision_no": f"样例批复〔{begun.year}〕{zone.number + 1}号",
            "recorded_at": recorded(entered),
        }
        if zone.number % 10 == 0:
            rows.append(row | {"zone_name": f"{zone.name}（误）"})
            row["recorded_at"] = recorded(entered + timedelta(days=6))
        rows.append(row)
    return rows


def re_review_rows(zones: tuple[Zone, ...]) -> list[LedgerRow]:
    """Give what was decided about terms that ended."""
    return [
        {
            "zone_id": zone.zone_id,
            "term_ends_on": term_end(zone).isoformat(),
            "decided_on": day.isoformat(),
            "outcome": outcome,
            "decision_no": f"样例复核〔{day.year}〕{zone.number + 1}号",
            "recorded_at": recorded(day + timedelta(days=2)),
        }
        for zone in zones
        if zone.story.decision
        for outcome, day in (zone.story.decision,)
    ]


def revocation_rows(zones: tuple[Zone, ...]) -> list[LedgerRow]:
    """Give revocations with the clause they rest on."""
    return [
        {
            "zone_id": zone.zone_id,
            "revoked_on": day.isoformat(),
            "ground": str(ground),
            "decision_no": f"样例撤销〔{day.year}〕{zone.number + 1}号",
            "recorded_at": recorded(day + timedelta(days=1)),
        }
        for zone in zones
        if zone.story.revocation
        for ground, day in (zone.story.revocation,)
    ]


def application_rows(zones: tuple[Zone, ...]) -> list[LedgerRow]:
    """Give every stage that applications have reached."""
    return [
        {
            "zone_id": zone.zone_id,
            "report_year": str(zone.story.application[0]),
            "stage": stage,
            "occurred_on": day.isoformat(),
            "recorded_at": recorded(day, hour=18),
        }
        for zone in zones
        if zone.story.application
        for stage, day in zone.story.stages
    ]


def expert_score_rows(zones: tuple[Zone, ...], seed: int) -> list[LedgerRow]:
    """Give the panels' scores of applications and re-reviews that came so far."""
    rows = []
    for zone in zones:
        story = zone.story
        evaluated = dict(story.stages).get("evaluated")
        if story.application and evaluated:
            assessed = ("application", story.application[0], evaluated)
        elif story.re_review and story.decision:
            assessed = ("re_review", story.re_review[0], story.decision[1] - timedelta(days=20))
        else:
            continue
        rng = Random(f"{seed}|{zone.zone_id}|panel")  # noqa: S311 - invented data
        for number, scores in enumerate(PANELS[zone.character.panel](rng), start=1):
            rows += [
                {
                    "zone_id": zone.zone_id,
                    "submission_type": assessed[0],
                    "report_year": str(assessed[1]),
                    "expert_id": f"E{number:02d}",
                    "dimension": dimension,
                    "score": str(score.quantize(HUNDREDTH)),
                    "recorded_at": recorded(assessed[2], hour=8 + number),
                }
                for dimension, score in scores.items()
            ]
    return rows


Scores = dict[str, Decimal]


def _around(share: str, spread: int, experts: int) -> Callable[[Random], list[Scores]]:
    """Make a panel that gives about ``share`` of the points, up to ``spread`` per cent of them apart."""

    def panel(rng: Random) -> list[Scores]:
        return [
            {
                dimension: points * (Decimal(share) + Decimal(rng.randrange(-spread, spread + 1)) / 100)
                for dimension, points in dimension_points().items()
            }
            for _ in range(experts)
        ]

    return panel


def _at_minimum(**differences: str) -> Callable[[Random], list[Scores]]:
    """Make a panel that agrees on the minimum of the total and of openness, but for ``differences``."""

    def panel(_: Random) -> list[Scores]:
        points = dimension_points()
        least = minimum_score("openness")
        rest = sum(points.values()) - points["openness"]
        scores = {name: (minimum_score("total") - least) * value / rest for name, value in points.items()}
        scores["openness"] = least
        for dimension, difference in differences.items():
            scores[dimension] += Decimal(difference)
        return [scores] * 3

    return panel


def _at_odds(rng: Random) -> list[Scores]:
    """Give a panel of four of whom one gives next to nothing."""
    fair = _around("0.8", 3, 4)(rng)
    fair[0] = {dimension: points / 10 for dimension, points in dimension_points().items()}
    return fair


PANELS: dict[str, Callable[[Random], list[Scores]]] = {
    "strong": _around("0.86", 5, 5),
    "fair": _around("0.72", 6, 4),
    "weak": _around("0.45", 8, 3),
    "of two experts": _around("0.8", 4, 2),
    "absent": _around("0.8", 4, 0),
    "at odds": _at_odds,
    "at the minimum": _at_minimum(),
    "a hair below the total": _at_minimum(planning="-0.01"),
    "a hair below openness": _at_minimum(openness="-0.01", innovation="2"),
}


def honour_rows(zones: tuple[Zone, ...], shape: SampleShape) -> list[LedgerRow]:
    """Give the honours behind the rosters' tiers; some have run out, some were withdrawn."""
    rows = []
    for zone in zones:
        smes = sme_count(zone, shape.enterprises)
        held = int(threshold("C02c")) + zone.character.technology
        for index in sorted({*range(min(held, smes)), min(smes, shape.enterprises - 1)}):
            for tier in tiers_of(zone, index, smes):
                row = {
                    "uscc": enterprise_code(zone, index),
                    "tier": tier,
                    "valid_from": "2019-07-01",
                    "valid_to": "2027-06-30" if index % 2 else "",
                    "recorded_at": recorded(date(2024, 9, 20)),
                }
                rows.append(row)
    return rows
