"""A year day by day over the golden inbox: states move along allowed ways, alerts fire once, on their day.

The project is compiled once; every day its SQL is run at that day's moment, but only where something that it
reads has changed since the day before: a model is a function of what it reads and of the moment.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from ingestion.judging.night import judge_night
from ingestion.progress import SilentProgress
from ingestion.reading.new_files import read_new_files
from ingestion.receive import receive
from publication.alerting.decision import decide
from publication.alerting.outbox import Outbox
from publication.alerting.raising import watched_kinds
from publication.moments import SHANGHAI

pytestmark = pytest.mark.slow

YEAR = (date(2026, 1, 1), date(2026, 12, 31))
TERMS_END = (date(2029, 8, 20), date(2029, 10, 25))
"""The weeks around 2 September 2029, when the first terms end, until their re-reviews are recorded."""

HOUR = time(2)
"""When the night runs, Shanghai's wall clock."""

COMPILED_AT = "1987-06-05T02:00:00"
"""Stands in the compiled SQL where the moment goes; no day of the walk is it."""

STATES = {
    "annual_reports": "select zone_id, report_year::text, status from marts.annual_reports",
    "designations": "select zone_id, term_no::text, status from marts.designations",
    "change_filings": "select zone_id, change_id, status from marts.change_filings",
    "revocation_triggers": "select zone_id, clause::text, state from marts.revocation_triggers",
}
BY_TIME = {
    "annual_reports": {("pending", "missing")},
    "designations": {
        ("valid", "expiring"),
        ("expiring", "expired_pending_review"),
        ("expiring", "renewed"),
        ("expiring", "not_renewed"),
        ("expired_pending_review", "not_renewed"),
        *((state, "revoked") for state in ("valid", "expiring", "expired_pending_review")),
    },
    "change_filings": {("open", "overdue")},
    "revocation_triggers": {("clear", "at_risk"), ("at_risk", "grounds"), ("clear", "grounds")},
}
"""How a state moves as time passes. Grounds do so by the clauses of BY_TIME_CLAUSES alone."""

WITH_DATA = {
    "annual_reports": {
        ("pending", "on_time"),
        ("pending", "rejected"),
        ("pending", "late"),  # received on 1 April before the walk comes by
        ("missing", "late"),
        ("missing", "rejected"),
        ("rejected", "on_time"),
        ("rejected", "late"),
    },
    "designations": {("expired_pending_review", "renewed"), ("expired_pending_review", "not_renewed")},
    "change_filings": {("open", "on_time"), ("overdue", "late"), ("overdue", "on_time")},
    "revocation_triggers": {
        (before, after)
        for before in ("clear", "at_risk", "grounds")
        for after in ("clear", "at_risk", "grounds")
        if before != after
    },
}
"""How a state moves when a submission or a ledger row of the zone has come in since the day before."""

BY_TIME_CLAUSES = {"2", "4"}
"""Of Article 11: a report stays away, a change is not filed. The others rest on what somebody records."""

Key = tuple[str, str]
States = dict[str, dict[Key, str]]


class CompiledProject:
    """The compiled models, run in an own DuckDB in their order, each only when what it reads has changed."""

    def __init__(self, nodes: list[Any], seeds: Path) -> None:
        """Take the compiled ``nodes``; the seeds stand in the warehouse ``seeds``."""
        chosen = {node.unique_id: node for node in nodes}
        self.order: list[Any] = []
        self._arrange(chosen)
        self.connection = duckdb.connect()
        run = self.connection.execute
        run("set threads = 1")  # the tables are small: handing them round costs more than reading them
        run("attach ':memory:' as warehouse")
        run("use warehouse")
        run(f"attach '{seeds}' as built (read_only)")
        for schema in sorted({"seeds", *(node.schema for node in self.order)}):
            run(f"create schema warehouse.{schema}")
        tables = (
            "select table_name from duckdb_tables() where database_name = 'built' and schema_name = 'seeds'"
        )
        for (seed,) in run(tables).fetchall():
            run(f"create table warehouse.seeds.{seed} as from built.seeds.{seed}")
        self._read: dict[str, str] = {}
        self._contents: dict[str, str] = {}

    def build(self, moment: datetime, files: dict[Path, str]) -> None:
        """Run what has to be run at ``moment``; ``files`` maps each folder that models read to a digest."""
        told = moment.strftime("%Y-%m-%dT%H:%M:%S")
        for node in self.order:
            sql = node.compiled_code.replace(COMPILED_AT, told)
            read = [sql, *(content for folder, content in files.items() if str(folder) in sql)]
            read += [self._contents.get(parent, "") for parent in node.depends_on.nodes]
            reads = hashlib.sha256("\x1f".join(read).encode()).hexdigest()
            if self._read.get(node.unique_id) == reads:
                continue
            self._read[node.unique_id] = reads
            table = f"warehouse.{node.schema}.{node.alias}"
            self.connection.execute(f"create or replace table {table} as {sql}")
            content = self.connection.execute(
                f"select count(*), sum(hash(rows)) from {table} as rows"
            ).fetchone()
            self._contents[node.unique_id] = str(content)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Give what a query says."""
        return self.connection.execute(query).fetchall()

    def _arrange(self, chosen: dict[str, Any]) -> None:
        placed: set[str] = set()

        def place(unique_id: str) -> None:
            if unique_id in placed or unique_id not in chosen:
                return
            placed.add(unique_id)
            for parent in chosen[unique_id].depends_on.nodes:
                place(parent)
            self.order.append(chosen[unique_id])

        for unique_id in sorted(chosen):
            place(unique_id)


@dataclass
class Walk:
    """What a walk showed: moves that were not allowed, and the days on which alerts were raised."""

    first: date
    wrong_moves: list[str] = field(default_factory=list)
    moves: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    raised_on: dict[str, date] = field(default_factory=dict)
    told_again: list[str] = field(default_factory=list)
    off_its_day: list[str] = field(default_factory=list)
    untold: list[str] = field(default_factory=list)
    unfilled: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def walker(
    golden_inbox: Path,
    tmp_path_factory: pytest.TempPathFactory,
    project: Any,
    project_over: Callable[..., Any],
) -> Callable[[date, date], Walk]:
    """Give a function that walks from a day to another, a night at 02:00 each day."""
    home = tmp_path_factory.mktemp("walk")
    reception = receive(str(golden_inbox), home, SilentProgress())
    limits = {"workers": 2, "memory_limit_bytes": 2 * 1024**3, "timeout_seconds": 120.0}
    read_new_files(reception, home, **limits, progress=SilentProgress())
    nodes: list[Any] = []

    def judge(moment: datetime) -> tuple[Path, Path]:
        judged = judge_night(reception, home, as_of=moment, parameters={}, progress=SilentProgress())
        return judged.judged_folder, judged.night_folder

    def walk(first: date, last: date) -> Walk:
        nodes[:] = nodes or compile_project(project_over(*judge(datetime.combine(first, HOUR))))
        compiled = CompiledProject(nodes, project.warehouse)
        seen, before = Walk(first), {}
        with Outbox.open(tmp_path_factory.mktemp("outbox")) as outbox:
            for count in range((last - first).days + 1):
                moment = datetime.combine(first + timedelta(days=count), HOUR)
                judged, night = judge(moment)
                compiled.build(moment, contents(judged, night))
                after, news = states(compiled), zones_with_news(compiled, night, moment)
                check_moves(seen, before or after, after, news, moment.date())
                check_alerts(seen, compiled, outbox, moment, news)
                before = after
        return seen

    return walk


@pytest.fixture(scope="module")
def year(walker: Callable[[date, date], Walk]) -> Walk:
    return walker(*YEAR)


@pytest.fixture(scope="module")
def terms_end(walker: Callable[[date, date], Walk]) -> Walk:
    return walker(*TERMS_END)


@pytest.fixture(scope="module", params=["year", "terms_end"])
def walk(request: pytest.FixtureRequest) -> Walk:
    """Give each of the walks."""
    seen: Walk = request.getfixturevalue(request.param)
    return seen


def compile_project(project: Any) -> list[Any]:
    """Give the compiled models that states and alerts rest on."""
    marts = " ".join(f"+{mart}" for mart in [*STATES, "alerts"])
    result = project.run("compile", "--select", *marts.split(), as_of=COMPILED_AT)
    assert result.success, result.exception
    return [one.node for one in result.result.results if one.node.resource_type == "model"]


def contents(judged: Path, night: Path) -> dict[Path, str]:
    """Give a digest of each folder: of the lake's names, for its files never change, and of all the night."""
    names = "\x1f".join(sorted(path.name for path in judged.iterdir()))
    tables = [path.read_bytes() for path in sorted(night.rglob("*.parquet"))]
    return {judged: names, night: hashlib.sha256(b"\x1f".join(tables)).hexdigest()}


def states(compiled: CompiledProject) -> States:
    return {
        mart: {(zone, part): state for zone, part, state in compiled.rows(query)}
        for mart, query in STATES.items()
    }


def zones_with_news(compiled: CompiledProject, night: Path, moment: datetime) -> set[str | None]:
    """Give the zones of which a submission or a ledger row has become visible since the night before."""
    since = f"timestamp '{moment - timedelta(days=1)}'"
    sources = [f"select zone_id from intermediate.int_submissions_versioned where received_at > {since}"]
    sources += [
        f"select zone_id from read_parquet('{path}') where recorded_at > {since}"
        for path in sorted((night / "ledgers").glob("*.parquet"))
        if "zone_id" in pl.read_parquet_schema(path)
    ]
    return {zone for (zone,) in compiled.rows(" union ".join(sources))}


def check_moves(seen: Walk, before: States, after: States, news: set[str | None], day: date) -> None:
    """Keep every move of a state, and those that are not allowed."""
    for mart, now in after.items():
        for key in sorted(before[mart].keys() | now.keys()):
            move = (before[mart].get(key), now.get(key))
            if move[0] == move[1]:
                continue
            seen.moves[mart, str(move[0]), str(move[1])] += 1
            zone, part = key
            by_time = move in BY_TIME[mart] and (mart != "revocation_triggers" or part in BY_TIME_CLAUSES)
            with_data = zone in news and (None in move or move in WITH_DATA[mart])
            if not by_time and not with_data:
                seen.wrong_moves.append(f"{day} {mart} {zone} {part}: {move[0]} → {move[1]}")


def check_alerts(
    seen: Walk, compiled: CompiledProject, outbox: Outbox, moment: datetime, news: set[str | None]
) -> None:
    """Raise what is to be told, as the sensors do, and keep what is wrong with it."""
    schedule = compiled.connection.execute("from marts.alert_schedule").pl()
    stages = {row["alert_key"]: row for row in schedule.iter_rows(named=True)}
    now = moment.replace(tzinfo=SHANGHAI)
    kinds = [kind for watched in watched_kinds().values() for kind in watched]
    new = decide(schedule, kinds=kinds, moment=now, release_as_of=now, raised=outbox.raised_keys())
    told = outbox.raise_alerts(new, raised_at=now, raised_by="walk")
    if told < len(new):
        seen.told_again.append(f"{moment:%Y-%m-%d}: {len(new) - told}")
    for alert in new:
        raises_on = stages[alert.alert_key]["raises_on"]
        seen.raised_on[alert.alert_key] = moment.date()
        is_late = raises_on < moment.date() and moment.date() != seen.first and alert.zone_id not in news
        if is_late or raises_on > moment.date():
            seen.off_its_day.append(f"{moment:%Y-%m-%d} {alert.alert_key}: {raises_on}")
        if re.search(r"\{\w+\}", alert.message_zh + alert.message_en):
            seen.unfilled.append(alert.alert_key)
    present = {key for (key,) in compiled.rows("select alert_key from marts.alerts")}
    seen.untold += sorted(present - outbox.raised_keys())


def test_states_move_only_along_allowed_ways(walk: Walk) -> None:
    assert not walk.wrong_moves, "\n".join(walk.wrong_moves)


def test_every_alert_fires_once_and_on_its_day_unless_its_data_came_later(walk: Walk) -> None:
    assert walk.told_again == []
    assert walk.off_its_day == []
    assert walk.untold == []


def test_a_message_has_all_its_placeholders_filled_in(walk: Walk) -> None:
    assert walk.unfilled == []


def test_the_walks_come_by_the_moves_that_matter(year: Walk, terms_end: Walk) -> None:
    assert year.moves["annual_reports", "pending", "missing"]
    assert year.moves["annual_reports", "missing", "late"]
    assert year.moves["change_filings", "open", "on_time"]
    assert year.moves["change_filings", "open", "overdue"]
    assert year.moves["designations", "valid", "revoked"]
    assert year.moves["revocation_triggers", "at_risk", "grounds"]
    assert terms_end.moves["designations", "expiring", "expired_pending_review"]
    assert terms_end.moves["designations", "expired_pending_review", "renewed"]
    assert terms_end.moves["designations", "expired_pending_review", "not_renewed"]


def test_a_report_that_never_came_is_told_of_on_each_of_its_days(year: Walk) -> None:
    assert told_of(year, "|HZ22080020|2025|") == {
        "report_due|HZ22080020|2025|T-30": date(2026, 3, 1),
        "report_due|HZ22080020|2025|T-7": date(2026, 3, 24),
        "report_due|HZ22080020|2025|T-1": date(2026, 3, 30),
        "missing_report|HZ22080020|2025|T+1": date(2026, 4, 1),
        "missing_report|HZ22080020|2025|T+30": date(2026, 4, 30),
        "missing_report|HZ22080020|2025|cure_end": date(2026, 5, 15),
    }


def test_a_term_that_nobody_reviews_is_told_of_on_each_of_its_days(terms_end: Walk) -> None:
    assert told_of(terms_end, "|HZ43060005|1|") == {
        "expiring_designation|HZ43060005|1|T-30": TERMS_END[
            0
        ],  # present when the walk begins, since 3 August
        "expiring_designation|HZ43060005|1|T-7": date(2029, 8, 26),
        "expiring_designation|HZ43060005|1|T-1": date(2029, 9, 1),
        "expired_designation|HZ43060005|1|T+1": date(2029, 9, 3),
        "expired_designation|HZ43060005|1|T+30": date(2029, 10, 2),
    }


def told_of(walk: Walk, subject: str) -> dict[str, date]:
    """Give the days on which the stages of a matter were told."""
    matters = ("report_due", "missing_report", "expiring_designation", "expired_designation")
    return {key: day for key, day in walk.raised_on.items() if subject in key and key.startswith(matters)}
