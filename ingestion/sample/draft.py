"""The whole sample before it is written: workbooks, ledger files and loose files, open to dirt.

Belongs here: what will stand in the inbox and where. Does not belong here: writing it (writing).
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from ingestion.sample.events import (
    change_rows,
    credit_rows,
    incident_rows,
    promotion_rows,
    relaxation_rows,
    supervision_rows,
)
from ingestion.sample.registers import (
    LedgerRow,
    application_rows,
    designation_rows,
    expert_score_rows,
    honour_rows,
    re_review_rows,
    recorded,
    revocation_rows,
)
from ingestion.sample.shape import SampleShape
from ingestion.sample.statistics import statistic_rows, statistic_years
from ingestion.sample.stories import LAST_REPORT_YEAR
from ingestion.sample.submissions import Submission, plan_submissions
from ingestion.sample.zones import Zone, make_zones

FEWEST_ENTERPRISES = 20
"""A smaller roster has too few rows to bear any dirt."""


class NoHostError(LookupError):
    """Raised when a sample is too small to have what a piece of dirt grows on."""


@dataclass
class LedgerFile:
    """One CSV file: its ledger, rows by field, encoding, and columns beyond the contract if any."""

    ledger: str
    path: str
    rows: list[LedgerRow]
    encoding: str = "utf-8"
    newline: str = "\n"
    further_columns: tuple[str, ...] = ()
    padded_header: bool = False
    raw_lines: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class LooseFile:
    """A file among the submissions that was never a workbook of ours."""

    path: str
    content: bytes
    received_at: datetime
    sent_by: str


@dataclass
class Draft:
    """The sample as it stands; dirt changes it before it is written."""

    shape: SampleShape
    zones: tuple[Zone, ...]
    submissions: list[Submission]
    ledgers: dict[str, list[LedgerFile]]
    loose_files: list[LooseFile] = field(default_factory=list)
    borne: Counter[str] = field(default_factory=Counter)
    planned: tuple[Submission, ...] = field(init=False)

    def __post_init__(self) -> None:
        self.planned = tuple(self.submissions)

    def add_rows(self, ledger: str, *rows: LedgerRow) -> None:
        """Append ``rows`` to the last file of the ledger."""
        self.ledgers[ledger][-1].rows += rows

    def host(
        self, submission_type: str, *, story: str | None = None, report_year: int | None = None
    ) -> Submission:
        """Give the workbook that has borne least dirt so far, of the type, story and year wanted.

        Zones whose totals stand exactly at a threshold bear none, unless their story is asked for. Raises
        ``NoHostError`` when the sample has no such workbook.
        """
        suitable = [
            submission
            for submission in self.planned
            if submission.submission_type == submission_type
            and (submission.zone.story.name == story if story else not submission.zone.character.is_exact)
            and (report_year is None or submission.report_year == report_year)
        ]
        if not suitable or self.shape.enterprises < FEWEST_ENTERPRISES:
            raise NoHostError(
                f"no {submission_type} of the story {story!r} and year {report_year} can bear dirt among "
                f"{self.shape.zones} zones of {self.shape.enterprises} enterprises"
            )
        chosen = min(suitable, key=lambda submission: self.borne[submission.path])
        self.borne[chosen.path] += 1
        return chosen

    def zone_of(self, story: str) -> Zone:
        """Give the first zone of the story; raise ``NoHostError`` when the sample has none."""
        for zone in self.zones:
            if zone.story.name == story:
                return zone
        raise NoHostError(f"no zone of the story {story!r} among {self.shape.zones} zones")

    def first_row(self, ledger: str) -> LedgerRow:
        """Give the ledger's first row; raise ``NoHostError`` when it has none."""
        for file in self.ledgers[ledger]:
            for row in file.rows:
                return row
        raise NoHostError(f"no row of {ledger} among {self.shape.zones} zones")

    def add_version(self, of: Submission, label: str, minutes_later: int) -> Submission:
        """Plan another version of a workbook so many minutes after (or before) it; give it."""
        stem = of.path.removesuffix(".xlsx")
        version = Submission(
            of.zone,
            of.submission_type,
            of.report_year,
            of.received_at + timedelta(minutes=minutes_later),
            f"{stem}_{label}.xlsx",
            date_form=of.date_form,
        )
        self.submissions.append(version)
        return version


def make_draft(shape: SampleShape) -> Draft:
    """Give the clean sample of ``shape``: every workbook and every ledger but receipts."""
    zones = make_zones(shape.zones)
    rows: dict[str, list[LedgerRow]] = {
        "designations": designation_rows(zones),
        "re_reviews": re_review_rows(zones),
        "changes": change_rows(zones),
        "incidents": incident_rows(zones),
        "credit_records": credit_rows(zones),
        "supervision": supervision_rows(zones),
        "revocations": revocation_rows(zones),
        "applications": application_rows(zones),
        "expert_scores": expert_score_rows(zones, shape.seed),
        "dispositions": [],
        "relaxations": relaxation_rows(),
        "promotion": promotion_rows(zones),
    }
    ledgers = {name: [LedgerFile(name, f"ledgers/{name}.csv", found)] for name, found in rows.items()}
    ledgers["designations"][0].encoding = "gb18030"
    ledgers["changes"][0].encoding = "utf-8-sig"
    ledgers["promotion"][0].newline = "\r\n"
    ledgers["honours"] = _split_honours(honour_rows(zones, shape))
    ledgers["provincial_statistics"] = _statistics_files()
    _withdraw_some(ledgers)
    return Draft(shape, zones, plan_submissions(shape), ledgers)


def _split_honours(rows: list[LedgerRow]) -> list[LedgerFile]:
    """One ledger kept in a folder, a file a tier."""
    tiers = sorted({row["tier"] for row in rows})
    return [
        LedgerFile("honours", f"ledgers/honours/{tier}.csv", [row for row in rows if row["tier"] == tier])
        for tier in tiers
    ]


def _statistics_files() -> list[LedgerFile]:
    """Older years in a ledger's folder, the newest beside the ledgers with a first and a revised vintage."""
    *older, newest = statistic_years()
    files = [
        LedgerFile(
            "provincial_statistics",
            "ledgers/provincial_statistics.csv",
            [row for year in older for row in statistic_rows(year)],
        )
    ]
    final = statistic_rows(newest)
    first = [
        row
        | {
            "published_on": f"{newest + 1}-01-20",
            "recorded_at": recorded(date(newest + 1, 1, 20)),
            "value": f"{float(row['value']) * 0.99:.2f}",
        }
        for row in final[::3]
    ]
    files.append(LedgerFile("provincial_statistics", f"statistics/{newest}_first.csv", first))
    files.append(LedgerFile("provincial_statistics", f"statistics/{newest}_final.csv", final, "utf-8-sig"))
    return files


def _withdraw_some(ledgers: dict[str, list[LedgerFile]]) -> None:
    """Withdraw a few keys by void rows, which need no more than their key and the moment."""
    later = recorded(date(LAST_REPORT_YEAR + 1, 5, 6))
    keys = {
        "honours": ("uscc", "tier", "valid_from"),
        "incidents": ("incident_id",),
        "promotion": ("activity_id",),
    }
    for ledger, key in keys.items():
        file = ledgers[ledger][-1]
        for row in file.rows[-1:]:
            file.rows.append({name: row[name] for name in key} | {"void": "true", "recorded_at": later})
