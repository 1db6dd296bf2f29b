"""The release before tonight's as an input of the night: what the marts that tell history compare with.

``write_last_release`` reads the release that is current now, so after a rollback the one that was swapped
back, and writes ``night/last_release/<table>.parquet``: of each mart the columns that the comparison needs,
always with the names and types of :data:`TABLES`. A first night has tables without rows. A mart or column
that a release made by an earlier version lacks is told in ``tables.parquet``, and the comparison leaves that
mart out: it never takes "not known" for "was not there".

Does not belong here: the comparison itself (dbt's models).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl

from publication.errors import DamagedReleaseError
from publication.manifest import Manifest, read_manifest
from publication.release_folders import current_number, numbers, releases_folder
from publication.tables import PARQUET

LAST_RELEASE = "last_release"

_TEXT, _WHOLE, _MOMENT, _DAY = pl.String(), pl.Int64(), pl.Datetime("us"), pl.Date()
_MEASURE, _YES_OR_NO = pl.Decimal(38, 18), pl.Boolean()

TABLES: dict[str, dict[str, pl.DataType]] = {
    "eligibility_criteria": {
        "assessment_id": _TEXT,
        "zone_id": _TEXT,
        "submission_type": _TEXT,
        "report_year": _WHOLE,
        "criterion_id": _TEXT,
        "indicator_code": _TEXT,
        "observed": _MEASURE,
        "operator": _TEXT,
        "threshold": _MEASURE,
        "relaxed_threshold": _MEASURE,
        "result": _TEXT,
        "relaxed_result": _TEXT,
    },
    "eligibility": {
        "assessment_id": _TEXT,
        "zone_id": _TEXT,
        "submission_type": _TEXT,
        "report_year": _WHOLE,
        "status": _TEXT,
        "relaxed_status": _TEXT,
    },
    "scorecards": {"assessment_id": _TEXT, "outcome": _TEXT},
    "annual_reports": {"zone_id": _TEXT, "report_year": _WHOLE, "due_on": _DAY, "status": _TEXT},
    "designations": {"zone_id": _TEXT, "term_no": _WHOLE, "term_to": _DAY, "status": _TEXT},
    "change_filings": {"change_id": _TEXT, "zone_id": _TEXT, "deadline_on": _DAY, "status": _TEXT},
    "revocation_triggers": {"zone_id": _TEXT, "clause": _WHOLE, "state": _TEXT, "evidence": _TEXT},
    "submissions": {
        "submission_id": _TEXT,
        "file_name": _TEXT,
        "zone_id": _TEXT,
        "submission_type": _TEXT,
        "report_year": _WHOLE,
        "received_at": _MOMENT,
        "status": _TEXT,
        "in_force": _YES_OR_NO,
    },
    "indicators": {
        "zone_id": _TEXT,
        "year": _WHOLE,
        "indicator_code": _TEXT,
        "value": _MEASURE,
        "submission_id": _TEXT,
    },
    "parameters_in_force": {"parameter": _TEXT, "value": _TEXT},
    "inputs_in_force": dict.fromkeys(
        ("input_kind", "source", "input_key", "scope", "matter", "says", "fingerprint", "place"), _TEXT
    ),
}
"""The marts that are compared: name, columns, types."""

RELEASES: dict[str, pl.DataType] = {
    "release_id": _WHOLE,
    "as_of": _MOMENT,
    "started_at": _MOMENT,
    "code_version": _TEXT,
    "rules_version": _TEXT,
    "replaces": _WHOLE,
    "rolled_back": _YES_OR_NO,
    **dict.fromkeys(("submissions", "accepted", "zones_designated", "findings", "open_findings"), _WHOLE),
}
FINDINGS: dict[str, pl.DataType] = {
    "release_id": _WHOLE,
    "as_of": _MOMENT,
    "rule_id": _TEXT,
    "severity": _TEXT,
    "findings": _WHOLE,
    "open_findings": _WHOLE,
}
COMPARED: dict[str, pl.DataType] = {
    "release_id": _WHOLE,
    "as_of": _MOMENT,
    "code_version": _TEXT,
    "rules_version": _TEXT,
}
READ: dict[str, pl.DataType] = {"mart": _TEXT, "is_whole": _YES_OR_NO, "lacking": _TEXT}


@dataclass(frozen=True)
class LastRelease:
    """What tonight is compared with: the release's number (``None`` on a first night), the marts left out."""

    number: int | None
    left_out: tuple[str, ...]


def write_last_release(home: Path, night: Path) -> LastRelease:
    """Write the tables of the release that is current in ``home`` below ``night``, in place of older ones.

    Besides :data:`TABLES`: ``compared`` (one row, the release), ``tables`` (each mart, whether it is whole,
    what it lacks), ``releases`` and ``findings_by_release`` (the history until then, see
    :func:`known_releases`). A current release whose manifest can't be read is taken as none: a night must be
    able to follow a damaged release.
    """
    folder = night / LAST_RELEASE
    folder.mkdir(parents=True, exist_ok=True)
    releases = releases_folder(home)
    manifest = _manifest(releases / str(current_number(releases)))
    marts = None if manifest is None else releases / str(manifest.release_id) / PARQUET
    read = {name: _read_mart(marts, name, schema) for name, schema in TABLES.items()}
    for name, (table, _) in read.items():
        table.write_parquet(folder / f"{name}.parquet")
    lacking = {name: lacks for name, (_, lacks) in read.items()}
    told = [{"mart": name, "is_whole": not lacks, "lacking": lacks} for name, lacks in lacking.items()]
    pl.DataFrame(told, schema=READ).write_parquet(folder / "tables.parquet")
    compared = [] if manifest is None else [_facts(manifest)]
    _table(compared, COMPARED).write_parquet(folder / "compared.parquet")
    known_releases(releases, manifest).write_parquet(folder / "releases.parquet")
    known_findings(releases, manifest).write_parquet(folder / "findings_by_release.parquet")
    if manifest is None:
        return LastRelease(None, ())
    return LastRelease(manifest.release_id, tuple(name for name, lacks in lacking.items() if lacks))


def known_releases(releases: Path, current: Manifest | None) -> pl.DataFrame:
    """Give the releases known before tonight (:data:`RELEASES`), lowest number first.

    Those that the ``current`` one knew, and of those that stand besides the ones it did not know: made by a
    version that kept no history, or rolled back since.
    """
    known = _history(releases, current, "releases", RELEASES)
    line = _line(releases, current)
    others = [
        _facts(manifest)
        | {"rolled_back": manifest.release_id not in line}
        | _counts(releases / str(manifest.release_id) / PARQUET)
        for manifest in _standing(releases)
        if manifest.release_id not in set(known["release_id"])
    ]
    return pl.concat([known, _table(others, RELEASES)]).sort("release_id")


def known_findings(releases: Path, current: Manifest | None) -> pl.DataFrame:
    """Give the findings by release and rule until tonight (:data:`FINDINGS`), those rolled back left out."""
    known = _history(releases, current, "findings_by_release", FINDINGS)
    line = _line(releases, current)
    counted = [
        _findings(releases / str(manifest.release_id) / PARQUET, manifest)
        for manifest in _standing(releases)
        if manifest.release_id in line and manifest.release_id not in set(known["release_id"])
    ]
    return pl.concat([known, *counted]).sort("release_id", "rule_id")


def _manifest(folder: Path) -> Manifest | None:
    try:
        return read_manifest(folder)
    except DamagedReleaseError:
        return None


def _standing(releases: Path) -> list[Manifest]:
    manifests = (_manifest(releases / str(number)) for number in numbers(releases))
    return [manifest for manifest in manifests if manifest is not None]


def _line(releases: Path, current: Manifest | None) -> set[int]:
    """Give the numbers on which tonight follows: the current release, the one it replaced, and so on.

    Where a release no longer stands, all lower ones count: nobody can tell them from those rolled back.
    """
    line: set[int] = set()
    manifest = current
    while manifest is not None:
        line.add(manifest.release_id)
        if manifest.replaces is None:
            return line
        replaced = _manifest(releases / str(manifest.replaces))
        if replaced is None:
            return line | set(range(1, manifest.replaces + 1))
        manifest = replaced
    return line


def _read_mart(
    marts: Path | None, name: str, schema: Mapping[str, pl.DataType]
) -> tuple[pl.DataFrame, str | None]:
    """Give the columns of ``schema`` of a mart, and what it lacks of them (``None`` when nothing)."""
    path = None if marts is None else marts / f"{name}.parquet"
    if path is None or not path.is_file():
        return pl.DataFrame(schema=schema), None if marts is None else name
    columns = pl.read_parquet_schema(path)
    lacks = [column for column in schema if column not in columns]
    if lacks:
        return pl.DataFrame(schema=schema), ", ".join(lacks)
    return pl.read_parquet(path, columns=list(schema)).cast(schema), None  # type: ignore[arg-type]


def _history(
    releases: Path, current: Manifest | None, mart: str, schema: Mapping[str, pl.DataType]
) -> pl.DataFrame:
    if current is None:
        return pl.DataFrame(schema=schema)
    return _read_mart(releases / str(current.release_id) / PARQUET, mart, schema)[0]


def _facts(manifest: Manifest) -> dict[str, Any]:
    return {
        "release_id": manifest.release_id,
        "as_of": _wall_clock(manifest.as_of),
        "started_at": _wall_clock(manifest.started_at),
        "code_version": manifest.code_version,
        "rules_version": manifest.rules_version,
        "replaces": manifest.replaces,
    }


def _counts(marts: Path) -> dict[str, int | None]:
    """Count what a release that kept no history tells; null where it lacks the mart."""
    submissions, _ = _read_mart(marts, "submissions", {"status": _TEXT})
    zones, lacks_zones = _read_mart(marts, "zones", {"is_designated": _YES_OR_NO})
    findings, lacks_findings = _read_mart(marts, "quality_failures", {"disposition": _TEXT})
    return {
        "submissions": submissions.height,
        "accepted": submissions.filter(pl.col("status") == "accepted").height,
        "zones_designated": None if lacks_zones else zones.filter("is_designated").height,
        "findings": None if lacks_findings else findings.height,
        "open_findings": None if lacks_findings else findings.filter(pl.col("disposition") == "open").height,
    }


def _findings(marts: Path, manifest: Manifest) -> pl.DataFrame:
    """Count the findings of a release that kept no history, by rule."""
    columns = {"rule_id": _TEXT, "severity": _TEXT, "disposition": _TEXT}
    found, _ = _read_mart(marts, "quality_failures", columns)
    return (
        found.group_by("rule_id", "severity")
        .agg(
            findings=pl.len().cast(_WHOLE),
            open_findings=(pl.col("disposition") == "open").sum().cast(_WHOLE),
        )
        .with_columns(
            release_id=pl.lit(manifest.release_id, _WHOLE), as_of=pl.lit(_wall_clock(manifest.as_of), _MOMENT)
        )
        .select(list(FINDINGS))
    )


def _table(rows: list[dict[str, Any]], schema: Mapping[str, pl.DataType]) -> pl.DataFrame:
    return pl.DataFrame([{name: row.get(name) for name in schema} for row in rows], schema=schema)


def _wall_clock(moment: datetime) -> datetime:
    """Give the Shanghai wall clock, as the marts hold it; a manifest's moments carry Shanghai's offset."""
    return moment.replace(tzinfo=None)
