"""Swapping releases in and out: numbers, the one link, pruning, rolling back, what a killed run leaves."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from publication.errors import (
    AlreadyPublishedError,
    DamagedReleaseError,
    NothingToRollBackToError,
    UnknownReleaseError,
)
from publication.manifest import read_manifest, verify
from publication.releases import current_release, list_releases, publish, reserve_number, rollback

KILLED_RUN = Path(__file__).with_name("killed_run.py")


def standing(night) -> list[int]:
    return sorted(info.number for info in list_releases(night.home))


def current(night) -> str | None:
    release = current_release(night.home)
    return release.name if release else None


def test_a_home_without_releases_has_no_current_one_and_an_empty_list(night) -> None:
    assert current_release(night.home) is None
    assert list_releases(night.home) == []


def test_a_built_release_is_unseen_until_it_is_published(night) -> None:
    night.publish()
    release = night.build()
    assert current(night) == "1"
    assert standing(night) == [1]
    publish(release, home=night.home, keep=10)
    assert current(night) == "2"


def test_current_is_a_relative_link_so_that_the_home_can_be_moved(night) -> None:
    night.publish()
    assert str((night.home / "releases" / "current").readlink()) == "1"
    moved = night.home.with_name("moved")
    night.home.rename(moved)
    assert (moved / "releases" / "current" / "manifest.json").is_file()


def test_publishing_the_same_release_again_does_no_harm(night) -> None:
    release = night.build()
    publish(release, home=night.home, keep=10)
    assert publish(release, home=night.home, keep=10).name == "1"
    assert current(night) == "1"


def test_a_release_that_a_later_build_swept_away_cannot_be_published(night) -> None:
    swept = night.build()
    night.build()
    with pytest.raises(UnknownReleaseError, match="swept away"):
        publish(swept, home=night.home, keep=10)


def test_numbers_count_up_after_a_rollback(night) -> None:
    for _ in range(3):
        night.publish()
    rollback(night.home, 1)
    assert night.publish().name == "4"


def test_a_number_that_a_night_reserved_and_did_not_use_is_not_given_again(night) -> None:
    assert reserve_number(night.home) == 1
    assert night.publish().name == "2"


def test_a_release_is_never_made_a_second_time_under_its_number(night) -> None:
    published = night.publish()
    with pytest.raises(AlreadyPublishedError, match="launch the whole job nightly"):
        night.build(number=1)
    verify(published, read_manifest(published))


def test_a_number_is_not_given_again_when_its_release_was_removed_by_hand(night) -> None:
    night.publish()
    shutil.rmtree(night.publish())
    assert night.publish().name == "3"


def test_the_oldest_releases_beyond_keep_are_pruned(night) -> None:
    for _ in range(4):
        night.publish(keep=3)
    assert standing(night) == [2, 3, 4]


def test_the_release_just_replaced_stays_even_when_one_is_kept(night) -> None:
    for _ in range(3):
        night.publish(keep=1)
    assert standing(night) == [2, 3]


def test_the_replaced_release_stays_though_it_is_the_oldest(night) -> None:
    for _ in range(4):
        night.publish()
    rollback(night.home, 1)
    night.publish(keep=2)
    assert standing(night) == [1, 5]


def test_keeping_no_release_is_refused(night) -> None:
    with pytest.raises(ValueError, match="keep must be at least 1"):
        publish(night.build(), home=night.home, keep=0)


def test_the_list_tells_each_release_newest_first(night) -> None:
    night.publish()
    night.publish()
    newest, oldest = list_releases(night.home)
    assert (newest.number, newest.is_current, oldest.number, oldest.is_current) == (2, True, 1, False)
    assert newest.rules_version == "rules-1"
    assert newest.row_counts["submissions"] == 1
    assert newest.as_of is not None
    assert newest.as_of.isoformat() == "2026-06-30T00:00:00+08:00"
    assert newest.made_at is not None
    assert newest.made_at > oldest.made_at


def test_a_release_with_a_broken_manifest_is_listed_as_damaged(night) -> None:
    manifest = night.publish() / "manifest.json"
    manifest.unlink()
    manifest.write_text("{", encoding="utf-8")
    (info,) = list_releases(night.home)
    assert info.damage is not None
    assert "已损坏" in info.damage
    assert info.made_at is None


def test_rolling_back_goes_to_the_release_that_the_current_one_replaced(night) -> None:
    for _ in range(3):
        night.publish()
    rollback(night.home, 1)
    night.publish()
    assert rollback(night.home).number == 1
    assert current(night) == "1"


def test_rolling_back_again_goes_one_further(night) -> None:
    for _ in range(3):
        night.publish()
    assert [rollback(night.home).number, rollback(night.home).number] == [2, 1]


def test_rolling_back_past_a_pruned_release_goes_to_the_next_lower_one(night) -> None:
    for _ in range(3):
        night.publish()
    shutil.rmtree(night.home / "releases" / "2")
    assert rollback(night.home).number == 1


def test_a_damaged_current_release_does_not_hinder_rolling_back(night) -> None:
    night.publish()
    (night.publish() / "manifest.json").unlink()
    assert rollback(night.home).number == 1


def test_rolling_forward_again_by_number(night) -> None:
    night.publish()
    night.publish()
    rollback(night.home, 1)
    info = rollback(night.home, 2)
    assert info.is_current
    assert current(night) == "2"


def test_an_unknown_number_names_the_releases_that_stand(night) -> None:
    night.publish()
    night.publish()
    with pytest.raises(UnknownReleaseError, match=r"没有发布 9。现有发布：1, 2。\nThere is no release 9 in"):
        rollback(night.home, 9)
    assert current(night) == "2"


def test_there_is_nothing_before_the_first_release(night) -> None:
    night.publish()
    with pytest.raises(NothingToRollBackToError, match="No earlier release"):
        rollback(night.home)


def test_there_is_nothing_to_roll_back_to_in_an_empty_home(night) -> None:
    with pytest.raises(NothingToRollBackToError, match="current: none; standing: none"):
        rollback(night.home)


def change_a_byte(release: Path) -> None:
    path = release / "parquet" / "zones.parquet"
    path.chmod(0o644)
    data = bytearray(path.read_bytes())
    data[10] ^= 1
    path.write_bytes(data)


def lose_a_file(release: Path) -> None:
    (release / "parquet" / "zones.parquet").unlink()


def add_a_write_ahead_log(release: Path) -> None:
    (release / "coopzones.duckdb.wal").write_bytes(b"")


def lose_the_manifest(release: Path) -> None:
    (release / "manifest.json").unlink()


@pytest.mark.parametrize(
    ("damage", "named"),
    [
        (change_a_byte, "changed: parquet/zones.parquet"),
        (lose_a_file, "missing: parquet/zones.parquet"),
        (add_a_write_ahead_log, "unexpected: coopzones.duckdb.wal"),
        (lose_the_manifest, "manifest"),
    ],
)
def test_a_damaged_release_is_named_and_not_swapped_in(night, damage, named: str) -> None:
    damage(night.publish())
    night.publish()
    with pytest.raises(DamagedReleaseError, match=named):
        rollback(night.home, 1)
    assert current(night) == "2"


def test_a_pointer_file_is_read_like_a_link_and_stays_a_pointer_file(night) -> None:
    night.publish()
    pointer = night.home / "releases" / "current"
    pointer.unlink()
    pointer.write_text("1\n", encoding="utf-8")
    assert current(night) == "1"
    night.publish()
    assert not pointer.is_symlink()
    assert pointer.read_text(encoding="utf-8") == "2\n"
    assert rollback(night.home).number == 1
    assert current(night) == "1"


def test_where_the_file_system_keeps_no_links_a_pointer_file_names_the_release(
    night, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(1, os.strerror(1))

    monkeypatch.setattr(os, "symlink", refuse)
    night.publish()
    assert (night.home / "releases" / "current").read_text(encoding="utf-8") == "1\n"
    assert current(night) == "1"


def test_a_link_to_a_release_that_was_removed_names_none_and_the_next_night_mends_it(night) -> None:
    shutil.rmtree(night.publish())
    assert current_release(night.home) is None
    night.publish()
    assert current(night) == "2"


def test_leftovers_of_killed_runs_go_with_the_next_build(night) -> None:
    releases = night.publish().parent
    (releases / ".building-7" / "parquet").mkdir(parents=True)
    (releases / ".removing-0").mkdir()
    (releases / ".current-abc").symlink_to("7")
    night.build()
    left = sorted(entry.name for entry in releases.iterdir())
    assert left == [".building-2", ".lock", "1", "current", "last_number"]


def what_deaths_leave(night, part: str, every: int) -> list[dict[str, object]]:
    """End the part of a run without warning before every so many of its writes; give what each death left."""
    night.publish()
    night.publish()
    plan = {
        "part": part,
        "every": every,
        "home": str(night.home),
        "scratch": str(night.scratch),
        "warehouse": str(night.warehouse()),
    }
    driver = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, str(KILLED_RUN), json.dumps(plan)], check=True, capture_output=True, text=True
    )
    outcomes: list[dict[str, object]] = json.loads(driver.stdout)
    assert len(outcomes) >= 4
    assert all(outcome["is_whole"] and outcome["standing_are_whole"] for outcome in outcomes)
    return outcomes


def test_a_publishing_killed_at_any_step_leaves_the_old_release_or_the_new_one(night) -> None:
    outcomes = what_deaths_leave(night, "publish", every=1)
    assert {outcome["current_is"] for outcome in outcomes} == {"old", "new"}
    release = night.publish()
    verify(release, read_manifest(release))


@pytest.mark.slow
def test_a_building_killed_at_any_step_leaves_the_old_release_and_the_next_run_just_works(night) -> None:
    outcomes = what_deaths_leave(night, "build", every=37)
    assert {outcome["current_is"] for outcome in outcomes} == {"old"}
    release = night.publish()
    verify(release, read_manifest(release))
    assert not list(release.parent.glob(".building-*"))
