"""The last release as an input of the night: what is handed over, what is left out, which history goes on."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from publication.last_release import LAST_RELEASE, TABLES, LastRelease, write_last_release
from publication.releases import current_release, rollback


@pytest.fixture
def handed_over(tmp_path: Path) -> Any:
    """Give a function that hands the last release of a home over and reads what was written."""

    def read(night: Any) -> tuple[LastRelease, dict[str, pl.DataFrame]]:
        last = write_last_release(night.home, tmp_path / "night")
        files = (tmp_path / "night" / LAST_RELEASE).glob("*.parquet")
        return last, {path.stem: pl.read_parquet(path) for path in files}

    return read


def numbers(table: pl.DataFrame) -> list[int]:
    return sorted(set(table["release_id"]))


def test_a_first_night_is_handed_tables_of_the_same_shape_without_rows(night, handed_over) -> None:
    last, tables = handed_over(night)
    assert last == LastRelease(number=None, left_out=())
    assert all(tables[mart].is_empty() for mart in TABLES)
    assert {mart: dict(tables[mart].schema) for mart in TABLES} == TABLES
    assert tables["compared"].is_empty()
    assert tables["releases"].is_empty()


def test_the_current_release_is_handed_over_and_what_it_lacks_is_told(night, handed_over) -> None:
    night.publish()
    last, tables = handed_over(night)
    assert last.number == 1
    assert "inputs_in_force" in last.left_out
    assert "submissions" not in last.left_out
    assert tables["submissions"].height == 1
    assert tables["compared"].rows(named=True)[0]["rules_version"] == "rules-1"
    told = {row["mart"]: row for row in tables["tables"].iter_rows(named=True)}
    assert told["submissions"]["is_whole"]
    assert told["eligibility"] == {"mart": "eligibility", "is_whole": False, "lacking": "relaxed_status"}
    assert tables["eligibility"].is_empty()


def test_releases_made_before_there_was_a_history_are_counted_once_from_what_stands(
    make_night, handed_over
) -> None:
    night = make_night()
    night.quality_failures = [
        night.finding("f1", "V03"),
        night.finding("f2", "V03", disposition="waived"),
        night.finding("f3", "Q07"),
    ]
    night.publish()
    night.publish()
    _, tables = handed_over(night)
    told = ["release_id", "replaces", "rolled_back", "submissions", "accepted", "findings", "open_findings"]
    assert tables["releases"].select(told).rows() == [(1, None, False, 1, 1, 3, 2), (2, 1, False, 1, 1, 3, 2)]
    of_second = tables["findings_by_release"].filter(release_id=2)
    counted = of_second.select("rule_id", "severity", "findings", "open_findings").rows()
    assert counted == [("Q07", "Q", 1, 1), ("V03", "V", 2, 1)]


def test_what_the_current_release_knew_goes_on_after_the_older_ones_were_pruned(
    make_night, handed_over
) -> None:
    night = make_night()
    night.extra_sql = """
        create table marts.releases as
        select release_id, timestamp '2026-06-01 09:00' as as_of, timestamp '2026-06-01 02:00' as started_at,
            'c' as code_version, 'r' as rules_version, release_id - 1 as replaces, false as rolled_back,
            1 as submissions, 1 as accepted, 1 as zones_designated, 0 as findings, 0 as open_findings
        from (values (3), (4)) as known (release_id)
    """
    night.publish()
    _, tables = handed_over(night)
    assert numbers(tables["releases"]) == [1, 3, 4]


def test_after_a_rollback_the_release_that_was_swapped_back_counts_and_the_others_are_told_as_rolled_back(
    night, handed_over
) -> None:
    night.quality_failures = [night.finding("f1", "V03")]
    for _ in range(3):
        night.publish()
    rollback(night.home, 1)
    night.publish()
    last, tables = handed_over(night)
    assert last.number == 4
    told = tables["releases"].select("release_id", "replaces", "rolled_back").rows()
    assert told == [(1, None, False), (2, 1, True), (3, 2, True), (4, 1, False)]
    assert numbers(tables["findings_by_release"]) == [1, 4]


def test_a_night_can_follow_a_release_whose_manifest_cannot_be_read(night, handed_over) -> None:
    night.publish()
    current = current_release(night.home)
    assert current is not None
    (current / "manifest.json").unlink()
    last, tables = handed_over(night)
    assert last.number is None
    assert tables["compared"].is_empty()
