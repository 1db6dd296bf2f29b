"""What happens to zones of the sample: applied, designated, reported, reviewed, refused, revoked.

Belongs here: a table of invented courses of events before the sample's moment. Does not belong here: what
a zone looks like inside (characters) or how its events are written down (registers, submissions).
"""

from dataclasses import dataclass
from datetime import date, datetime

LAST_REPORT_YEAR = 2025
"""The newest report year that stories tell of; the sample's moment lies in the year after."""


@dataclass(frozen=True)
class Story:
    """The course of one zone.

    ``reports``, ``application`` and ``re_review`` are pairs of the report year and the moment received
    (Shanghai); ``stages`` and ``decision`` pair a stage or outcome with its day. ``pilot`` marks zones
    designated some years ago with a term of their own, so that every state of a term occurs.
    """

    name: str
    legacy: bool = False
    designated_on: date | None = None
    reports: tuple[tuple[int, datetime], ...] = ()
    application: tuple[int, datetime] | None = None
    stages: tuple[tuple[str, date], ...] = ()
    re_review: tuple[int, datetime] | None = None
    decision: tuple[str, date] | None = None
    revocation: tuple[int, date] | None = None

    @property
    def main_year(self) -> int:
        """The year whose totals stand to the thresholds as the zone's character says."""
        for assessed in (self.application, self.re_review):
            if assessed:
                return assessed[0]
        return LAST_REPORT_YEAR


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _days(**stages: str) -> tuple[tuple[str, date], ...]:
    return tuple((stage, date.fromisoformat(day)) for stage, day in stages.items())


def _legacy(name: str, designated: str, *reports: str, revocation: tuple[int, date] | None = None) -> Story:
    """Tell of a zone from before the Measures; a report's year is the one before its receipt."""
    return Story(
        name,
        legacy=True,
        designated_on=date.fromisoformat(designated),
        reports=tuple((_moment(text).year - 1, _moment(text)) for text in reports),
        revocation=revocation,
    )


def _new(name: str, applied: str, *reports: str, **stages: str) -> Story:
    """Tell of a zone that applied under the Measures; designated when its stages say so."""
    designated = stages.get("designated")
    return Story(
        name,
        designated_on=date.fromisoformat(designated) if designated else None,
        application=(_moment(applied).year - 1, _moment(applied)),
        reports=tuple((_moment(text).year - 1, _moment(text)) for text in reports),
        stages=_days(**stages),
    )


def _pilot(
    name: str, designated: str, re_review: str | None = None, decision: tuple[str, date] | None = None
) -> Story:
    """Tell of a zone of an early batch that has sent every report since it was designated."""
    begun = date.fromisoformat(designated)
    return Story(
        name,
        designated_on=begun,
        reports=tuple(
            (year, _moment(f"{year + 1}-03-18T10:00")) for year in range(begun.year, LAST_REPORT_YEAR + 1)
        ),
        re_review=(_moment(re_review).year - 1, _moment(re_review)) if re_review else None,
        decision=decision,
    )


STORIES = (
    _legacy("reports in time", "2014-07-11", "2025-03-20T10:00", "2026-03-25T16:20"),
    _new(
        "designated in the first batch",
        "2025-03-10T09:30",
        "2026-03-30T11:00",
        submitted="2025-03-10",
        accepted="2025-03-17",
        site_visited="2025-04-08",
        recommended="2025-04-30",
        evaluated="2025-06-10",
        shortlisted="2025-07-15",
        publicised="2025-08-01",
        designated="2025-09-12",
    ),
    _legacy("reports in the last second", "2015-11-02", "2025-03-31T23:59:59", "2026-03-31T23:59:59"),
    _new(
        "being evaluated",
        "2026-04-08T15:00",
        submitted="2026-04-08",
        accepted="2026-04-15",
        site_visited="2026-04-28",
        recommended="2026-05-20",
        evaluated="2026-06-18",
    ),
    _pilot("renewed", "2020-06-15", "2025-03-05T09:00", ("passed", date(2025, 5, 20))),
    _new(
        "designated, first report never sent",
        "2025-03-12T14:00",
        submitted="2025-03-12",
        supplement_requested="2025-03-14",
        accepted="2025-03-24",
        site_visited="2025-04-11",
        recommended="2025-05-06",
        evaluated="2025-06-11",
        spot_checked="2025-06-25",
        shortlisted="2025-07-15",
        publicised="2025-08-01",
        designated="2025-09-12",
    ),
    _legacy("reports in the first second too late", "2013-05-20", "2025-03-12T09:00", "2026-04-01T00:00:00"),
    _new(
        "designated late in the year",
        "2025-04-02T10:10",
        "2026-03-16T08:40",
        submitted="2025-04-02",
        accepted="2025-04-10",
        site_visited="2025-04-25",
        recommended="2025-05-15",
        evaluated="2025-07-02",
        shortlisted="2025-09-20",
        publicised="2025-10-15",
        designated="2025-11-18",
    ),
    _new(
        "objected to",
        "2026-03-09T10:00",
        submitted="2026-03-09",
        accepted="2026-03-12",
        site_visited="2026-03-30",
        recommended="2026-04-10",
        evaluated="2026-05-08",
        shortlisted="2026-05-25",
        publicised="2026-06-12",
        objected="2026-06-17",
    ),
    _pilot("not renewed", "2020-09-01", "2025-04-15T09:00", ("failed", date(2025, 7, 30))),
    _legacy("first report never sent", "2016-12-08", "2026-03-27T17:00"),
    _new(
        "designated after an objection",
        "2025-03-20T10:00",
        "2026-03-24T09:15",
        submitted="2025-03-20",
        accepted="2025-03-28",
        site_visited="2025-04-17",
        recommended="2025-05-12",
        evaluated="2025-06-20",
        shortlisted="2025-07-15",
        publicised="2025-08-01",
        objected="2025-08-05",
        objection_resolved="2025-08-28",
        designated="2025-09-12",
    ),
    _pilot("awaiting its re-review", "2021-03-01"),
    _legacy(
        "revoked",
        "2017-03-30",
        "2025-03-25T10:00",
        revocation=(3, date(2026, 2, 10)),
    ),
    _new(
        "asked for a supplement",
        "2026-05-11T09:45",
        submitted="2026-05-11",
        supplement_requested="2026-05-14",
    ),
    _pilot("expiring", "2021-10-20", "2026-05-06T13:30"),
    _legacy("only report rejected", "2018-09-19", "2025-03-28T12:00", "2026-03-19T12:00"),
    _new(
        "declined",
        "2025-03-25T10:00",
        submitted="2025-03-25",
        accepted="2025-04-01",
        site_visited="2025-04-22",
        evaluated="2025-06-24",
        declined="2025-07-15",
    ),
    _new("refused by the province", "2026-02-27T10:00", submitted="2026-02-27", refused="2026-03-20"),
    _legacy("changes and incidents", "2019-01-25", "2025-03-03T10:00", "2026-03-10T10:00"),
    _new(
        "in public notice",
        "2026-03-02T09:00",
        submitted="2026-03-02",
        accepted="2026-03-06",
        site_visited="2026-03-24",
        recommended="2026-04-14",
        evaluated="2026-05-12",
        shortlisted="2026-06-09",
        publicised="2026-06-26",
    ),
    _new(
        "withdrawn", "2026-03-18T16:30", submitted="2026-03-18", accepted="2026-03-25", withdrawn="2026-04-22"
    ),
    _pilot("postponed", "2020-12-28", "2025-09-10T11:00", ("postponed", date(2025, 12, 19))),
    _new("just submitted", "2026-06-26T17:50", submitted="2026-06-26"),
    _new(
        "designated this spring",
        "2025-08-20T10:00",
        submitted="2025-08-20",
        accepted="2025-08-29",
        site_visited="2025-10-17",
        recommended="2025-12-05",
        evaluated="2026-02-11",
        shortlisted="2026-03-20",
        publicised="2026-04-02",
        designated="2026-05-20",
    ),
    _legacy("reports and corrects itself", "2018-04-16", "2025-03-19T10:00", "2026-03-11T10:00"),
)
