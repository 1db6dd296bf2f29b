"""The verdict on the night: every expectation run over lake and warehouse, and Data Docs that show it.

Belongs here: the one seam of this room, ``judge_warehouse``, and the shape of what it gives. Does not belong
here: how an expectation is run (``suites``) or what is expected (``catalogue``).
"""
# ruff: noqa: S608 - names in the SQL are those of the seeds

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from expectations.catalogue import read_catalogue, seeds_named
from expectations.data_docs.assets import require_assets
from expectations.data_docs.site import build_site
from expectations.evidence import gather_evidence
from expectations.expected import Expected, Findings, Range, Truth, ValueSet
from expectations.suites import ExpectationCrashedError, Measured, run_suites

__all__ = ["ExpectationCrashedError", "ExpectationVerdict", "Verdict", "judge_warehouse"]

FAILING_ROWS_SHOWN = 50


@dataclass(frozen=True)
class ExpectationVerdict:
    """What became of one expectation.

    ``severity`` is ``error`` (blocks the release) or ``warn``; ``observed`` says in words what was counted;
    ``failing_rows`` are the first rows that must not be, empty when it passed.
    """

    name: str
    passed: bool
    severity: str
    description_zh: str
    description_en: str
    observed: str
    failing_rows: pl.DataFrame


@dataclass(frozen=True)
class Verdict:
    """The verdict on the night, one result an expectation, in the order of the seed ``expectations``."""

    results: list[ExpectationVerdict]

    @property
    def blocking(self) -> list[ExpectationVerdict]:
        """The failed expectations that keep the night from being released."""
        return [result for result in self.results if not result.passed and result.severity == "error"]


def judge_warehouse(
    warehouse: Path, *, judged: Path, night: Path, previous_release: Path | None, data_docs: Path
) -> Verdict:
    """Judge the night and build Data Docs at ``data_docs/index.html``.

    ``warehouse`` is the DuckDB file that dbt built, closed by its writer and only read here; ``judged`` and
    ``night`` are folders of ``docs/lake.md``; ``previous_release`` is the folder of the release to compare
    with, or ``None``. Raises ``ExpectationCrashedError`` when an expectation can't be run,
    ``AssetsMissingError`` when what the pages of Data Docs need was not installed.
    """
    require_assets()
    catalogue = read_catalogue()
    with gather_evidence(
        warehouse, judged=judged, night=night, previous_release=previous_release, seeds=seeds_named(catalogue)
    ) as evidence:
        context, measured = run_suites(catalogue, evidence.address)
        build_site(context, data_docs)
        return Verdict(_results(catalogue, measured, evidence.connection))


def _results(
    catalogue: Sequence[Expected], measured: dict[str, Measured], connection: Any
) -> list[ExpectationVerdict]:
    return [
        ExpectationVerdict(
            name=expected.name,
            passed=measured[expected.name].passed,
            severity=expected.severity,
            description_zh=expected.description_zh,
            description_en=expected.description_en,
            observed=_observed(expected, measured[expected.name], connection),
            failing_rows=pl.DataFrame()
            if measured[expected.name].passed
            else connection.execute(failing_rows_query(expected, FAILING_ROWS_SHOWN)).pl(),
        )
        for expected in catalogue
    ]


def _observed(expected: Expected, measured: Measured, connection: Any) -> str:
    if isinstance(expected.measure, Findings):
        asked, tolerated = connection.execute(findings_query(expected, expected.measure)).fetchone()
        return f"{asked} 条待处理，容许 {tolerated} / {asked} findings not settled, {tolerated} tolerated"
    if measured.rows is None:
        return f"{measured.unexpected} 行不符 / {measured.unexpected} unexpected rows"
    return (
        f"{measured.rows} 行中 {measured.unexpected} 行不符 / "
        f"{measured.unexpected} unexpected rows of {measured.rows}"
    )


def findings_query(expected: Expected, measure: Findings) -> str:
    """Give the SQL for how many findings of the rule ``expected`` are not settled, and how many may be."""
    asked = measure.query.format(batch=expected.table)
    return f"select count(*), {measure.tolerated} from ({asked}) as asked"


def failing_rows_query(expected: Expected, limit: int) -> str:
    """Give the SQL for the first ``limit`` rows that fail ``expected``, those that were counted."""
    match expected.measure:
        case Truth(query):
            failing = query.format(batch=f"(select * from {expected.table}) as judged")
        case Findings() as findings:
            failing = findings.excess.format(batch=expected.table)
        case ValueSet(column, values):
            allowed = ", ".join("'" + value.replace("'", "''") + "'" for value in values)
            failing = f"select * from {expected.table} where {column} not in ({allowed})"
        case Range(column, minimum, maximum):
            ends = [(column, "<", minimum), (column, ">", maximum)]
            outside = " or ".join(f"{name} {sign} {end}" for name, sign, end in ends if end is not None)
            failing = f"select * from {expected.table} where {outside}"
    return f"select * from ({failing}) order by all limit {limit}"
