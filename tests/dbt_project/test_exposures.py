"""Exposures say who uses which marts; the code says the same when it is watched at its work."""

import ast
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
import yaml

import orchestration.summary
from ingestion.child_limits import ChildLimits
from ingestion.progress import SilentProgress
from ingestion.seeds import SEEDS
from publication import desk_files
from publication.alerting.raising import SCHEDULE
from publication.answers.offer import write_answers
from publication.desk import open_desk
from publication.exports import write_exports
from publication.manifest import Manifest
from publication.mart_contracts import mart_contracts
from publication.returned.release import write_returned
from publication.site import write_site
from publication.site.marts import Marts
from publication.tables import copy_marts
from publication.template import prefill

EXPOSURES = SEEDS.parent / "models" / "exposures.yml"
MARTS = {mart.name for mart in mart_contracts()}
MOMENT = datetime(2026, 6, 30, tzinfo=UTC)
READ = re.compile(r'\b(?:from|join)\s+(?:\w+\.)*"?(\w+)', re.IGNORECASE)

WHOLE_SHELVES = ("handbook", "postgres_shelf", "bi_tools")
"""Those that have every mart, whatever marts there are."""


def exposures() -> dict[str, set[str]]:
    """Give the marts of every exposure."""
    stated = yaml.safe_load(EXPOSURES.read_text(encoding="utf-8"))["exposures"]
    return {
        exposure["name"]: {re.sub(r"^ref\('(\w+)'\)$", r"\1", ref) for ref in exposure["depends_on"]}
        for exposure in stated
    }


def marts_read(sql: str) -> set[str]:
    """Give the marts that a query reads."""
    return MARTS & set(READ.findall(sql))


class Watched:
    """A connection that notes the marts that its SQL names."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, seen: set[str]) -> None:
        self._connection, self._seen = connection, seen

    def execute(self, sql: str, *parameters: Any) -> Any:
        """Run ``sql`` and note what it names."""
        self._seen |= marts_read(sql)
        return self._connection.execute(sql, *parameters)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)


@pytest.fixture(scope="module")
def release(project: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with the marts of the built project as a release leaves them."""
    folder: Path = tmp_path_factory.mktemp("release")
    copy_marts(project.warehouse, folder)
    return folder


@pytest.fixture(scope="module")
def night(project: Any) -> Path:
    """Give the folder of the night's tables, with the counts that a site tells of."""
    folder: Path = project.lake.night
    counts = dict.fromkeys(("rows_read", "rows_accepted", "rows_quarantined", "rows_later"), pl.Int64)
    pl.DataFrame(schema={"ledger": pl.String, "ledger_file": pl.String} | counts).write_parquet(
        folder / "ledger_counts.parquet"
    )
    return folder


@contextmanager
def watched_desk(release: Path, project: Any, night: Path, seen: set[str]) -> Iterator[Any]:
    with open_desk(release, project.warehouse, night) as desk:
        yield Watched(desk, seen)


# Whose rows are whose is told by zones and submissions: open_desk asks them before anything is written.
DESK = {"zones", "submissions"}


def test_the_site_reads_what_its_exposure_says(
    release: Path, night: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: set[str] = set()

    def frame(marts: Marts, sql: str, *parameters: object) -> pl.DataFrame:
        seen.update(marts_read(sql))
        return marts._connection.execute(sql, parameters).pl()

    monkeypatch.setattr(Marts, "frame", frame)
    write_site(
        Manifest(
            release_id=1, replaces=None, as_of=MOMENT, started_at=MOMENT, finished_at=MOMENT, code_version="",
            rules_version="", parameters={}, inputs=[], row_counts={}, files=[],
        ),
        release,
        night,
    )  # fmt: skip
    assert seen == exposures()["site"]


WRITERS: dict[str, Callable[[Any, Path, Path, Path], None]] = {
    "exports": lambda desk, release, _home, _night: write_exports(desk, release, as_of=MOMENT),
    "answer_sheets": lambda desk, release, _home, night: write_answers(desk, release, night=night),
    "returned_workbooks": lambda desk, release, home, _night: write_returned(
        desk, release, home=home, previous=None, today=MOMENT.date(), limits=ChildLimits(),
        progress=SilentProgress(),
    ),
}  # fmt: skip
"""What ``publication.desk_files`` writes, by exposure."""


@pytest.mark.parametrize("exposure", WRITERS)
def test_what_leaves_for_the_desk_reads_what_its_exposure_says(
    exposure: str, release: Path, project: Any, night: Path, tmp_path: Path
) -> None:
    seen = set(DESK)
    with watched_desk(release, project, night, seen) as desk:
        WRITERS[exposure](desk, release, tmp_path, night)
    assert seen == exposures()[exposure]


def test_everything_that_leaves_for_the_desk_is_watched() -> None:
    called = {
        node.func.id
        for node in ast.walk(ast.parse(Path(desk_files.__file__).read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert called == {"open_desk", "write_returned", "write_answers", "write_exports"}


def test_alerts_the_template_and_the_summary_read_what_their_exposures_say() -> None:
    summary = ast.parse(Path(orchestration.summary.__file__).read_text(encoding="utf-8"))
    named = {node.value for node in ast.walk(summary) if isinstance(node, ast.Constant)}
    assert exposures()["alerts_told"] == {SCHEDULE.stem}
    assert exposures()["workbook_template"] == marts_read(prefill.ZONES)
    assert exposures()["night_summary"] == {name for name in named if name in MARTS}


@pytest.mark.parametrize("exposure", WHOLE_SHELVES)
def test_a_shelf_of_everything_has_every_mart(exposure: str) -> None:
    assert exposures()[exposure] == MARTS


def test_exposures_name_marts_and_nothing_else(project: Any) -> None:
    stated = {name: set(exposure.depends_on.nodes) for name, exposure in project.manifest.exposures.items()}
    assert {name.split(".")[-1] for name in stated} == exposures().keys()
    assert set().union(*stated.values()) == {f"model.coopzones.{mart}" for mart in MARTS}
