"""Readers of the old release keep it; readers of ``current`` always get one whole release."""

import subprocess
import sys
import time

import duckdb
import polars as pl

from publication.releases import current_release, rollback

READER = """
import sys, time, pathlib, duckdb
releases, stop = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
answers = set()
while not stop.exists():
    with duckdb.connect(str(releases / "current" / "coopzones.duckdb"), read_only=True) as reader:
        one = reader.execute("select zone_name from marts.zones").fetchall()
        other = reader.execute("select distinct enterprise_name from marts.enterprises").fetchall()
    assert one == other, (one, other)
    answers.add(one[0][0])
print(len(answers))
"""


def stamped(night, stamp: str):
    """Make every mart of ``night`` tell the release that it belongs to."""
    night.zones = [night.zone("HZ32050001", stamp)]
    night.enterprises = [("HZ32050001", 2025, f"91{row:016d}", stamp, "1") for row in range(50)]
    return night


def test_a_reader_of_a_release_that_is_replaced_and_pruned_keeps_its_snapshot(night) -> None:
    old = stamped(night, "old").publish()
    with duckdb.connect(
        str(night.home / "releases" / "current" / "coopzones.duckdb"), read_only=True
    ) as reader:
        assert reader.execute("select zone_name from marts.zones").fetchall() == [("old",)]
        for stamp in ("new", "newer"):
            stamped(night, stamp).publish(keep=1)
        assert not old.exists()
        rows = reader.execute("select distinct enterprise_name from marts.enterprises").fetchall()
        assert rows == [("old",)]


def test_a_new_connection_sees_the_new_release_though_an_old_one_is_open(night) -> None:
    database = night.home / "releases" / "current" / "coopzones.duckdb"
    stamped(night, "old").publish()
    with duckdb.connect(str(database), read_only=True) as old:
        stamped(night, "new").publish()
        with duckdb.connect(str(database), read_only=True) as new:
            assert new.execute("select zone_name from marts.zones").fetchall() == [("new",)]
        assert old.execute("select zone_name from marts.zones").fetchall() == [("old",)]


def test_files_read_in_the_folder_that_current_release_gave_agree_across_a_swap(night) -> None:
    stamped(night, "old").publish()
    release = current_release(night.home)
    stamped(night, "new").publish(keep=1)
    assert release is not None
    assert pl.read_parquet(release / "parquet" / "zones.parquet")["zone_name"].to_list() == ["old"]
    enterprises = pl.read_parquet(release / "parquet" / "enterprises.parquet")
    assert enterprises["enterprise_name"].unique().to_list() == ["old"]


def test_readers_hammering_current_get_every_answer_from_one_release(night) -> None:
    """Two processes read through the link for as long as releases are published and swapped back."""
    stop = night.scratch / "stop"
    stamped(night, "release 1").publish()
    command = [sys.executable, "-c", READER, str(night.home / "releases"), str(stop)]
    readers = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)  # noqa: S603
        for _ in range(2)
    ]
    time.sleep(0.5)
    for number in range(2, 10):
        stamped(night, f"release {number}").publish(keep=3)
        rollback(night.home)
        rollback(night.home, number)
    stop.touch()
    for reader in readers:
        output, errors = reader.communicate(timeout=30)
        assert reader.returncode == 0, errors
        assert int(output) > 1
