"""A small judged night by hand: a warehouse with marts, the night's counts, Data Docs, the inbox's files."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, ClassVar
from uuid import uuid4

import duckdb
import polars as pl
import pytest

from publication.releases import Release, build_release, publish, reserve_number

MARTS = """
create schema marts;
create table marts.zones (
    zone_id varchar, zone_name varchar, authority_code varchar, authority_name varchar,
    prefecture_code varchar, region varchar,
    relaxation_eligible boolean, is_designated boolean, is_legacy boolean
);
create table marts.submissions (
    submission_id varchar, file_name varchar, zone_id varchar, submission_type varchar, report_year integer,
    received_at timestamp, received_basis varchar, zone_sent_at timestamp, version integer, status varchar,
    in_force boolean, roster_rows bigint, quarantined_rows bigint
);
create table marts.enterprises (
    zone_id varchar, year integer, uscc varchar, enterprise_name varchar, revenue_wan decimal(38, 18)
);
create table marts.eligibility (
    assessment_id varchar, zone_id varchar, submission_type varchar, report_year integer, status varchar
);
create table marts.quality_failures (
    failure_id varchar, rule_id varchar, severity varchar, article varchar, submission_id varchar,
    zone_id varchar, report_year integer, sheet varchar, row_number bigint, field varchar, value varchar,
    expected varchar, message_zh varchar, message_en varchar, engine varchar, disposition varchar
);
"""

INTERMEDIATE = """
create schema intermediate;
create table intermediate.int_submissions_versioned (submission_id varchar, authority_code varchar);
create table intermediate.int_reports_owed (
    zone_id varchar, report_year integer, due_on date, cure_ends_on date
);
"""
"""What a release takes of the warehouse besides the marts."""

DISPOSITIONS = {
    **dict.fromkeys(("failure_id", "disposition", "officer", "approver", "reason"), pl.String),
    "expires_on": pl.Date, "void": pl.Boolean, "recorded_at": pl.Datetime("us"), "ledger_file": pl.String,
    "row_number": pl.Int64, "is_in_force": pl.Boolean,
}  # fmt: skip

DBT_ARTIFACTS = {
    "index.html": "<!DOCTYPE html><head><title>dbt</title></head>",
    "manifest.json": '{"metadata": {"project_name": "coopzones"}, "macros": {}, "nodes": {}, "sources": {}, '
    '"exposures": {}}',
    "catalog.json": '{"metadata": {}, "nodes": {}, "sources": {}}',
}
"""What dbt leaves of its documentation, without a node."""

ACCEPTED = "a" * 64
REJECTED = "b" * 64
RECEIVED = datetime(2026, 3, 15, 9, 30)  # noqa: DTZ001 - the marts hold Shanghai's wall clock


def zone(zone_id: str, name: str, *, designated: bool = True) -> tuple[Any, ...]:
    return (zone_id, name, "320000", "江苏省", "320500", "east", False, designated, False)


def submission(
    submission_id: str,
    *,
    file_name: str = "江苏/苏州.xlsx",
    zone_id: str | None = "HZ32050001",
    status: str = "accepted",
    basis: str = "receipt",
    rows: int = 10,
    quarantined: int = 0,
) -> tuple[Any, ...]:
    kind, year = ("annual_report", 2025) if zone_id else (None, None)
    in_force = status == "accepted"
    return (
        submission_id, file_name, zone_id, kind, year, RECEIVED, basis, None, 1, status, in_force, rows,
        quarantined,
    )  # fmt: skip


def finding(
    failure_id: str,
    rule_id: str,
    *,
    submission_id: str | None = ACCEPTED,
    sheet: str = "企业名录",
    row: int | None = 7,
    value: str | None = "12",
    message_zh: str = "应当改正",
    disposition: str = "open",
) -> tuple[Any, ...]:
    return (
        failure_id, rule_id, rule_id[0], "8", submission_id, "HZ32050001", 2025, sheet, row, "uscc", value,
        "18 位", message_zh, "to be mended", "pandera", disposition,
    )  # fmt: skip


@dataclass
class JudgedNight:
    """What a run hands to publication; ``build`` makes a release of it, ``publish`` swaps one in.

    ``zone``, ``submission`` and ``finding`` make rows of its marts.
    """

    ACCEPTED: ClassVar[str] = ACCEPTED
    REJECTED: ClassVar[str] = REJECTED
    zone = staticmethod(zone)
    submission = staticmethod(submission)
    finding = staticmethod(finding)

    home: Path
    scratch: Path
    zones: list[tuple[Any, ...]] = field(default_factory=lambda: [zone("HZ32050001", "苏州合作区")])
    submissions: list[tuple[Any, ...]] = field(default_factory=lambda: [submission(ACCEPTED)])
    enterprises: list[tuple[Any, ...]] = field(default_factory=list)
    eligibility: list[tuple[Any, ...]] = field(
        default_factory=lambda: [
            ("HZ32050001|annual_report|2025", "HZ32050001", "annual_report", 2025, "watch")
        ]
    )
    quality_failures: list[tuple[Any, ...]] = field(default_factory=list)
    extra_sql: str = ""
    written: dict[str, Path] = field(default_factory=dict)

    @property
    def data_docs(self) -> Path:
        """Give the folder of the night's Data Docs."""
        return self.scratch / "data_docs"

    @property
    def dbt_artifacts(self) -> Path:
        """Give the folder of what dbt wrote of the night's warehouse."""
        return self.scratch / "dbt"

    def warehouse(self) -> Path:
        """Give a warehouse file that holds the marts, written where none of the same rows is yet."""
        marts = {
            mart: getattr(self, mart)
            for mart in ("zones", "submissions", "enterprises", "eligibility", "quality_failures")
        }
        rows_told = repr((marts, self.extra_sql))
        if rows_told not in self.written:
            path = self.scratch / f"{uuid4().hex}.duckdb"
            with duckdb.connect(str(path)) as connection:
                connection.execute(MARTS + INTERMEDIATE)
                for mart, rows in marts.items():
                    if rows:
                        marks = ", ".join("?" * len(rows[0]))
                        connection.executemany(f"insert into marts.{mart} values ({marks})", rows)
                connection.execute(self.extra_sql or "select 1")
            self.written[rows_told] = path
        return self.written[rows_told]

    def build(self, warehouse: Path | None = None, number: int | None = None) -> Release:
        """Make a release of ``warehouse``, by default of a new one, under a number of its own."""
        return build_release(
            home=self.home,
            number=number or reserve_number(self.home),
            warehouse=warehouse or self.warehouse(),
            night=self.scratch / "night",
            data_docs=self.data_docs,
            dbt_artifacts=self.dbt_artifacts,
            reception_files=pl.DataFrame(
                {
                    "path": ["submissions/江苏/苏州.xlsx", "ledgers/receipts.csv"],
                    "kind": ["submission", "ledger"],
                    "sha256": [ACCEPTED, "c" * 64],
                    "size_bytes": [20_480, 512],
                }
            ),
            as_of=datetime(2026, 6, 30),  # noqa: DTZ001 - a naive moment is Shanghai's
            rules_version="rules-1",
            parameters={"panel_minimum": "5"},
            code_version="0.1.0",
            started_at=datetime(2026, 7, 1, 18, 0, tzinfo=UTC),
        )

    def publish(self, keep: int = 10) -> Path:
        """Make a release and swap it in."""
        return publish(self.build(), home=self.home, keep=keep)


@pytest.fixture(scope="session")
def make_night_in() -> Callable[..., JudgedNight]:
    """Give a maker of judged nights in a folder of the caller's; those in one folder share one home."""

    def make(folder: Path, **marts: Any) -> JudgedNight:
        scratch = folder / "scratch"
        (scratch / "night").mkdir(parents=True, exist_ok=True)
        (scratch / "data_docs" / "static").mkdir(parents=True, exist_ok=True)
        (scratch / "data_docs" / "index.html").write_text(
            "<!DOCTYPE html><title>docs</title>", encoding="utf-8"
        )
        (scratch / "data_docs" / "static" / "style.css").write_text("body {}", encoding="utf-8")
        (scratch / "dbt").mkdir(exist_ok=True)
        for name, content in DBT_ARTIFACTS.items():
            (scratch / "dbt" / name).write_text(content, encoding="utf-8")
        pl.DataFrame(
            {
                "ledger": ["receipts", "receipts"],
                "ledger_file": ["ledgers/receipts.csv", "ledgers/receipts/2.csv"],
                "rows_read": [5, 4],
                "rows_accepted": [5, 2],
                "rows_quarantined": [0, 1],
                "rows_later": [0, 1],
            }
        ).write_parquet(scratch / "night" / "ledger_counts.parquet")
        pl.DataFrame(schema={"submission_id": pl.String, "sent_by": pl.String}).write_parquet(
            scratch / "night" / "submissions.parquet"
        )
        (scratch / "night" / "ledgers").mkdir(exist_ok=True)
        pl.DataFrame(schema=DISPOSITIONS).write_parquet(
            scratch / "night" / "ledgers" / "dispositions.parquet"
        )
        return JudgedNight(home=folder / "home", scratch=scratch, **marts)

    return make


@pytest.fixture
def make_night(make_night_in: Callable[..., JudgedNight], tmp_path: Path) -> Callable[..., JudgedNight]:
    """Give a maker of judged nights that share one home."""
    return partial(make_night_in, tmp_path)


@pytest.fixture
def night(make_night: Callable[..., JudgedNight]) -> JudgedNight:
    """Give a judged night with one zone, one accepted submission and no finding."""
    return make_night()
