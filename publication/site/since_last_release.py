"""What changed since the last release, and why: each thing with its causes, and findings by rule."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache

from ingestion.seeds import load_seed
from publication.site.charts.drawing import Charts
from publication.site.marts import Marts, Row, grouped
from publication.site.pages import Pages
from publication.site.tables import LISTED

STEM = "since_last_release"
MARTS = ("changes_since_last_release", "findings_by_release", "releases")

CHANGES = f"""
with listed as (
    select distinct change_key, subject_kind, zone_id
    from changes_since_last_release
    order by list_position($1::varchar[], subject_kind), zone_id, change_key
    limit {LISTED}
)
select changes.*, zones.zone_name, zones.authority_code
from changes_since_last_release as changes
inner join listed using (change_key)
left join zones on changes.zone_id = zones.zone_id
order by list_position($1::varchar[], changes.subject_kind), changes.zone_id, change_key, cause_no
"""  # noqa: S608 - the only value put in is a number of another module


COMPARED_WITH = """
select before.release_id, before.as_of
from releases as this inner join releases as before on this.replaces = before.release_id
where this.is_current
"""

FINDINGS = """
with counted as (
    select
        rule_id,
        coalesce(max(findings) filter (release_id = $2), 0) as findings,
        coalesce(max(findings) filter (release_id = $1), 0) as last_findings,
        coalesce(max(open_findings) filter (release_id = $2), 0) as open_findings,
        coalesce(max(open_findings) filter (release_id = $1), 0) as last_open_findings
    from findings_by_release
    where release_id in ($1, $2)
    group by rule_id
)
select * from counted
where findings <> last_findings or open_findings <> last_open_findings
order by rule_id
"""


@dataclass(frozen=True)
class Comparison:
    """The release that this one is compared with (``None`` on a first night), and how many things changed."""

    last_release_id: int | None
    last_as_of: datetime | None
    in_all: int


def comparison(marts: Marts) -> Comparison | None:
    """Give what this release is compared with; ``None`` before the marts of history are there."""
    if not marts.has(*MARTS):
        return None
    last = marts.rows(COMPARED_WITH) or [{"release_id": None, "as_of": None}]
    changed = marts.rows("select count(distinct change_key) as n from changes_since_last_release")
    return Comparison(last[0]["release_id"], last[0]["as_of"], changed[0]["n"])


@cache
def subject_kinds() -> dict[str, Row]:
    """Give the kinds of things that change, in their order: their names and the kind of their words."""
    return {row["subject_kind"]: row for row in load_seed("change_subjects").iter_rows(named=True)}


def write(pages: Pages, marts: Marts, charts: Charts) -> None:  # noqa: ARG001 - every page's writer is called alike
    """Write the page on what changed."""
    compared = comparison(marts)
    causes = marts.rows(CHANGES, list(subject_kinds()))
    changes = [
        {**rows[0], "causes": rows, "because_kinds": sorted({row["because_kind"] for row in rows})}
        for rows in grouped(causes, "change_key").values()
    ]
    pages.write(
        STEM,
        "since_last_release.html.j2",
        compared=compared,
        kinds=subject_kinds(),
        changes=changes,
        lists=_lists(changes),
        zone_names={row["zone_id"]: row["zone_name"] for row in changes},
        findings=_findings(marts, compared, pages.frame.facts.release_id),
    )


def _lists(changes: list[Row]) -> dict[str, list[str]]:
    """Give the values that there are to filter by."""
    lists = {name: sorted({row[name] for row in changes} - {None}) for name in ("authority_code", "zone_id")}
    lists["subject_kind"] = [
        kind for kind in subject_kinds() if any(row["subject_kind"] == kind for row in changes)
    ]
    lists["because_kind"] = sorted({kind for row in changes for kind in row["because_kinds"]})
    return lists


def _findings(marts: Marts, compared: Comparison | None, release_id: int) -> list[Row]:
    """Give the rules whose findings are more or fewer than in the last release."""
    if compared is None:
        return []
    return marts.rows(FINDINGS, compared.last_release_id, release_id)
