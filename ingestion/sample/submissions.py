"""What the zones of the sample hand in: which workbooks, when, and what stands in them before any dirt.

Belongs here: the content of a workbook, field by field. Does not belong here: cells and sheets (workbooks).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from ingestion.sample.enterprises import (
    FUNDED,
    HUNDREDTHS,
    Row,
    make_enterprises,
    roster_rows,
    sme_count,
    zone_totals,
)
from ingestion.sample.facts import (
    countries_abroad,
    overseas_categories,
    self_reported_indicators,
    wording,
)
from ingestion.sample.shape import SampleShape
from ingestion.sample.stories import LAST_REPORT_YEAR
from ingestion.sample.zones import Zone, make_zones

COMPARED_YEARS = 3
"""How many years before the report year an application or re-review covers."""


@dataclass
class Content:
    """What a workbook says: the cover by field, and the rows of each table by field."""

    cover: Row
    tables: dict[str, list[Row]]


@dataclass
class Submission:
    """One workbook to be written, and what is done to its content, its sheets and its bytes first."""

    zone: Zone
    submission_type: str
    report_year: int
    received_at: datetime
    path: str
    date_form: int = 0
    copies: tuple[tuple[str, datetime], ...] = ()
    content_edits: list[Callable[[Content], None]] = field(default_factory=list)
    sheet_edits: list[Callable[[list], None]] = field(default_factory=list)
    byte_edits: list[Callable[[bytes], bytes]] = field(default_factory=list)

    @property
    def years(self) -> range:
        """The years of its roster."""
        covered = 0 if self.submission_type == "annual_report" else COMPARED_YEARS
        return range(self.report_year - covered, self.report_year + 1)


def plan_submissions(shape: SampleShape) -> list[Submission]:
    """Give every workbook of the zones' stories, zone by zone in the order of receipt."""
    planned: list[Submission] = []
    for zone in make_zones(shape.zones):
        due = _history(zone) if shape.histories else _streamlined(zone, shape)
        for submission_type, report_year, received_at in sorted(due, key=lambda item: item[2]):
            path = f"{zone.authority.code}/{zone.zone_id}_{report_year}_{submission_type}.xlsx"
            planned.append(
                Submission(zone, submission_type, report_year, received_at, path, date_form=len(planned))
            )
    return planned


def _history(zone: Zone) -> list[tuple[str, int, datetime]]:
    story = zone.story
    due = [("annual_report", year, received_at) for year, received_at in story.reports]
    if story.application:
        due.append(("application", *story.application))
    if story.re_review:
        due.append(("re_review", *story.re_review))
    return due


def _streamlined(zone: Zone, shape: SampleShape) -> list[tuple[str, int, datetime]]:
    minute = timedelta(minutes=zone.number)
    after = LAST_REPORT_YEAR + 1
    due = [("annual_report", LAST_REPORT_YEAR, datetime.fromisoformat(f"{after}-03-20T09:00") + minute)]
    if zone.number % shape.application_interval == 0:
        due.append(("application", LAST_REPORT_YEAR, datetime.fromisoformat(f"{after}-04-10T09:00") + minute))
    return due


def make_content(submission: Submission, shape: SampleShape) -> Content:
    """Give what the workbook says, with its content edits done."""
    zone, years = submission.zone, submission.years
    content = Content(
        cover=_cover(submission),
        tables={
            "roster": [
                row for year in years for row in roster_rows(zone, year, shape.enterprises, shape.seed)
            ],
            "self_reported": [row for year in years for row in _self_reported(zone, year, shape)],
            "cooperation": _cooperation(zone),
            "activities": _activities(zone, submission.report_year),
            "plan_targets": _plan_targets(zone, submission.report_year),
            "documents": _documents(zone, submission.report_year),
        },
    )
    for edit in submission.content_edits:
        edit(content)
    return content


def _cover(submission: Submission) -> Row:
    zone = submission.zone
    return {
        "submission_type": wording("cover", "submission_type")[submission.submission_type],
        "zone_id": zone.zone_id,
        "zone_name": zone.name,
        "authority_code": zone.authority.code,
        "prefecture_code": zone.prefecture.code,
        "report_year": submission.report_year,
        "applicant_name": f"样例申报主体（{zone.prefecture.name_zh}）",
        "operator_name": f"样例运营管理机构{zone.number + 1:03d}",
        "boundary_description": "东至样例一路，南至样例二路，西至样例三路，北至样例四路"
        if zone.character.has_boundary
        else None,
        "area_km2": 8.5 + zone.number,
        "functional_division": "制造、研发、服务三区" if zone.character.has_functions else None,
        "filled_on": submission.received_at.date() - timedelta(days=3),
        "contact_name": "样例联系人",
        "contact_phone": "000-0000-0000",
    }


def _self_reported(zone: Zone, year: int, shape: SampleShape) -> list[Row]:
    """Give the totals as the zone states them, one for every indicator that may be self-reported."""
    totals = zone_totals(zone, year)
    enterprises = make_enterprises(zone, shape.enterprises, shape.seed)
    smes = sme_count(zone, shape.enterprises)
    stated: dict[str, float] = {
        "ENTERPRISES": len(enterprises),
        "SME_COUNT": smes,
        "TOTAL_REVENUE": totals.revenue / HUNDREDTHS,
        "SME_REVENUE": (totals.sme_revenue if smes < len(enterprises) else totals.revenue) / HUNDREDTHS,
        "FOREIGN_FUNDED": sum(enterprise.ownership in FUNDED for enterprise in enterprises),
        "FDI": totals.fdi / HUNDREDTHS,
        "EXPORT": totals.export / HUNDREDTHS,
        "SME_RD": totals.sme_rd / HUNDREDTHS,
        "INVENTION_PATENTS": totals.patents,
        "PCT": totals.international_patents,
    }
    return [
        {"year": year, "indicator_code": code, "value": stated[code]} for code in self_reported_indicators()
    ]


def _cooperation(zone: Zone) -> list[Row]:
    categories, levels = wording("cooperation", "category"), wording("cooperation", "level")
    countries = countries_abroad()
    rows: list[Row] = []
    for number, category in enumerate(zone.character.bodies):
        rows.append(
            {
                "category": categories[category],
                "name": f"样例{categories[category]}{zone.number + 1:03d}",
                "level": list(levels.values())[zone.number % 2]
                if category == "innovation_platform"
                else None,
                "country": countries[(31 * zone.number + 7 * number) % len(countries)]
                if category in overseas_categories()
                else None,
                "established_on": date(2016 + number % 4, 3 + number, 9),
                "ended_on": None,
            }
        )
    if "innovation_platform" in zone.character.bodies:
        rows.append(
            {
                "category": categories["innovation_platform"],
                "name": f"样例已终止平台{zone.number + 1:03d}",
                "level": levels["municipal"],
                "established_on": date(2012, 5, 4),
                "ended_on": date(2019, 12, 30),
            }
        )
    return rows


def _activities(zone: Zone, report_year: int) -> list[Row]:
    areas = list(wording("activities", "service_area").values())
    return [
        {
            "held_on": date(report_year, 1 + (zone.number + 2 * number) % 12, 1 + number),
            "service_area": area,
            "name": f"样例服务活动：{area}",
            "participants": 10 + 3 * number,
        }
        for number, area in enumerate(areas[: len(areas) - zone.character.idle_service_areas])
    ]


def _plan_targets(zone: Zone, report_year: int) -> list[Row]:
    """Targets of a five-year plan that does not change from one workbook of the zone to the next."""
    if report_year < zone.main_year - 1:
        return []
    plan_from = zone.main_year - 1
    totals = zone_totals(zone, plan_from)
    stated = {
        "TOTAL_REVENUE": totals.revenue / HUNDREDTHS,
        "EXPORT": totals.export / HUNDREDTHS,
        "INVENTION_PATENTS": totals.patents,
    }
    return [
        {
            "plan_from": plan_from,
            "plan_to": plan_from + 4,
            "indicator_code": code,
            "baseline": baseline,
            "target": round(baseline * 1.5, 2),
        }
        for code, baseline in stated.items()
    ]


def _documents(zone: Zone, report_year: int) -> list[Row]:
    dated = {
        "development_plan": date(report_year - 2, 6, 15),
        "annual_work_plan": date(report_year, 1, 20),
        "annual_development_report": date(report_year + 1, 2, 20),
        "other": date(report_year, 9, 9),
    }
    titles = wording("documents", "document_type")
    return [
        {
            "document_type": titles[kind],
            "title": f"样例{titles[kind]}（{report_year}）",
            "dated_on": dated[kind],
        }
        for kind in zone.character.documents
    ]
