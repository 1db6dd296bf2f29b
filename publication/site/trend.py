"""The trend over releases: a few counts of each release that stands beside the present one."""

from collections.abc import Sequence
from pathlib import Path

import duckdb

from publication.errors import DamagedReleaseError
from publication.manifest import read_manifest
from publication.site.marts import Marts, Row, open_marts
from publication.tables import DATABASE

SUBMITTED = """
select
    count(*) filter (status = 'accepted') as accepted,
    count(*) filter (status = 'rejected') as rejected
from submissions
"""
FOUND = """
select count(*) as findings, count(*) filter (disposition = 'open') as open_findings
from quality_failures
"""
REPORTED = "select count(*) filter (status in ('missing', 'rejected')) as reports_missing from annual_reports"
FLAGGED = "select count(*) filter (state = 'grounds') as grounds from revocation_triggers"

COUNTS = (
    ("submissions", SUBMITTED, ("accepted", "rejected")),
    ("quality_failures", FOUND, ("findings", "open_findings")),
    ("annual_reports", REPORTED, ("reports_missing",)),
    ("revocation_triggers", FLAGGED, ("grounds",)),
)
"""Mart, what is counted of it, and the counts' names."""


def counts_of(marts: Marts) -> Row:
    """Give the counts of one release; null where it lacks the mart."""
    counts: Row = {}
    for mart, sql, names in COUNTS:
        counts |= marts.rows(sql)[0] if marts.has(mart) else dict.fromkeys(names)
    return counts


def trend(present: Row, earlier: Sequence[Path]) -> list[Row]:
    """Give a row a release, oldest first: those of the folders ``earlier``, then the ``present`` one.

    A release that can't be read any more is told as such (``is_readable``), with no counts: it must not keep
    the next one from being made.
    """
    rows = [_told(folder) for folder in sorted(earlier, key=lambda folder: int(folder.name))]
    return [*rows, present | {"is_readable": True}]


def _told(folder: Path) -> Row:
    told: Row = {"release_id": int(folder.name), "as_of": None, "is_readable": True}
    try:
        told["as_of"] = read_manifest(folder).as_of
        with open_marts(folder / DATABASE) as marts:
            return told | counts_of(marts)
    except (DamagedReleaseError, duckdb.Error):
        unknown = dict.fromkeys(name for _, _, names in COUNTS for name in names)
        return told | unknown | {"is_readable": False}
