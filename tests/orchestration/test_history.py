"""Nights one after the other: what changed since the last release, and why. Real files, dbt, Dagster."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pytest

from ingestion.progress import SilentProgress
from ingestion.sample import SampleShape, write_sample_inbox
from orchestration.nightly_run import NightReport, run_night
from orchestration.open_night import open_night
from orchestration.settings import Settings
from publication.releases import rollback

pytestmark = pytest.mark.slow

FIRST = "2026-06-30T09:00:00+08:00"
LATER = "2026-07-10T09:00:00+08:00"
REVISED_ON = "2026-07-05"


@dataclass
class Office:
    """An inbox and the nights over it."""

    home: Path
    inbox: Path
    nights: list[NightReport] = field(default_factory=list)

    def night(self, as_of: str, **parameters: str) -> NightReport:
        """Run a night as the command line does, in this process."""
        settings = Settings(home=self.home, inbox=str(self.inbox), as_of=as_of, parameters=parameters)  # type: ignore[arg-type]
        with open_night(settings, SilentProgress()) as opened:
            self.nights.append(run_night(opened, SilentProgress()))
        return self.nights[-1]

    def record(self, path: str, rows: Sequence[dict[str, str]]) -> None:
        """Put a file of ledger rows into the inbox."""
        target = self.inbox / path
        target.parent.mkdir(exist_ok=True)
        with target.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)


def marts(report: NightReport, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(report.folder / "coopzones.duckdb"), read_only=True) as connection:
        connection.execute("set schema = 'marts'")
        return connection.execute(sql).fetchall()


def causes_of(report: NightReport, subject_kind: str, item: str, zone_id: str) -> list[tuple[Any, ...]]:
    return marts(
        report,
        "select from_value, to_value, because_kind, because_source, because from changes_since_last_release"
        f" where subject_kind = '{subject_kind}' and item = '{item}' and zone_id = '{zone_id}'"
        " and field in ('result', 'status', 'state') order by cause_no",
    )


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """Give an office after two nights: between them a statistic was revised and nothing else came in."""
    folder = tmp_path_factory.mktemp("office")
    write_sample_inbox(folder / "inbox", SampleShape(), SilentProgress())
    office = Office(folder / "home", folder / "inbox")
    office.night(FIRST)
    statistic = {
        "region_code": "210000", "year": "2025", "indicator": "fdi_usd", "value": "11400000",
        "unit": "USD_10K", "scope": "", "published_on": REVISED_ON, "source": "样例统计（虚构）", "void": "",
        "recorded_at": f"{REVISED_ON}T09:00:00+08:00",
    }  # fmt: skip
    office.record("statistics/revised.csv", [statistic])
    office.night(LATER)
    return office


def test_a_first_night_has_nothing_to_compare_with_and_begins_the_history(office: Office) -> None:
    first = office.nights[0]
    assert marts(first, "from changes_since_last_release") == []
    assert marts(first, "select release_id, replaces, is_current from releases") == [(1, None, True)]


def test_a_revised_statistic_that_flips_a_criterion_is_named_with_both_vintages(office: Office) -> None:
    flipped = marts(
        office.nights[1],
        "select zone_id, item, from_value, to_value, because_kind, because, because_from, because_to,"
        " because_place from changes_since_last_release where subject_kind = 'criterion' order by zone_id",
    )
    because = (
        "O02a", "met", "not_met", "statistic", "210000|2025|fdi_usd", "9493575 (2026-02-26)",
        f"11400000 ({REVISED_ON})", "statistics/revised.csv:2",
    )  # fmt: skip
    assert flipped
    assert flipped == [(zone_id, *because) for zone_id, *_ in flipped]


def test_the_site_says_what_changed_and_why_in_both_languages(office: Office) -> None:
    site = office.nights[1].folder / "site"
    for page, word in (("since_last_release.html", "未达到"), ("since_last_release.en.html", "not met")):
        text = (site / page).read_text(encoding="utf-8")
        for told in (word, "210000|2025|fdi_usd", "2026-02-26", REVISED_ON, "statistics/revised.csv:2"):
            assert told in text
    assert "since_last_release.html" in (site / "index.html").read_text(encoding="utf-8")


def test_history_accumulates_and_every_row_names_its_release(office: Office) -> None:
    second = office.nights[1]
    assert marts(second, "select release_id, replaces, is_current from releases order by all") == [
        (1, None, False),
        (2, 1, True),
    ]
    counted = (
        "select release_id, sum(findings)::int, sum(open_findings)::int from findings_by_release group by 1"
    )
    told = "select release_id, findings, open_findings from releases"
    assert sorted(marts(second, counted)) == sorted(marts(second, told))
    assert marts(second, "select distinct release_id, since_release_id from changes_since_last_release") == [
        (2, 1)
    ]


def test_each_kind_of_cause_is_named_for_what_it_changed_and_after_a_rollback_the_current_release_counts(
    office: Office,
) -> None:
    recorded_at = "2026-07-12T09:00:00+08:00"
    office.record(
        "ledgers/incidents/ruled.csv",
        [
            {
                "incident_id": "I0002", "zone_id": "HZ51010001", "domain": "environment", "level_rank": "3",
                "occurred_on": "2026-05-28", "ruled_on": "2026-07-11", "void": "", "recorded_at": recorded_at,
            }
        ],
    )  # fmt: skip
    office.record(
        "ledgers/supervision/void.csv",
        [
            {
                "record_id": "S0001", "zone_id": "HZ11010101", "kind": "data_falsification",
                "status": "suspected", "found_on": "2026-06-10", "void": "true", "recorded_at": recorded_at,
            }
        ],
    )  # fmt: skip
    [(left, file_name)] = marts(
        office.nights[1],
        "select submission_id, file_name from submissions where status = 'rejected' order by all limit 1",
    )
    submission, aside = office.inbox / "submissions" / file_name, office.inbox.parent / "aside.xlsx"
    submission.rename(aside)
    third = office.night("2026-07-15T09:00:00+08:00", panel_minimum="9")

    assert causes_of(third, "revocation_trigger", "5", "HZ51010001") == [
        ("at_risk", "grounds", "ledger_row", "incidents", "I0002")
    ]
    assert causes_of(third, "revocation_trigger", "1", "HZ11010101") == [
        ("at_risk", "clear", "ledger_row", "supervision", "S0001")
    ]
    assert marts(
        third,
        "select to_value, because_kind, cause_zh from changes_since_last_release"
        f" where subject_kind = 'submission' and item = '{left}'",
    ) == [(None, "submission", f"报送 {left[:12]} 的文件（{file_name}）已不在收件箱")]
    outcomes = marts(
        third,
        "select distinct to_value, because_kind, because from changes_since_last_release"
        " where subject_kind = 'score_outcome'",
    )
    assert outcomes == [("undetermined", "parameter", "panel_minimum")]

    aside.rename(submission)
    rollback(office.home, 1)
    fourth = office.night(FIRST)
    assert marts(fourth, "from changes_since_last_release") == []
    assert marts(fourth, "select release_id, replaces, rolled_back from releases order by all") == [
        (1, None, False),
        (2, 1, True),
        (3, 2, True),
        (4, 1, False),
    ]
    assert marts(fourth, "select distinct release_id from findings_by_release order by all") == [(1,), (4,)]
