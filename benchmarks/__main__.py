"""``python -m benchmarks``: make an inbox, run nights on it, and print what they cost as ratios.

Every figure is a ratio of two measurements of this one run, so that it means the same on any machine.
"""

import argparse
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path

from benchmarks.comparison import check_same_marts
from benchmarks.limit import run_limit
from benchmarks.measure import Measured, run_measured
from ingestion.progress import SilentProgress
from ingestion.sample import SampleShape, write_sample_inbox

COMMAND = Path(sys.executable).with_name("coopzones")
DBT = Path(sys.executable).with_name("dbt")
DBT_PROJECT = Path(__file__).resolve().parent.parent / "dbt_project"
MIB = 2**20


def main() -> None:
    """Parse the arguments, run the benchmark in a temporary folder and remove it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--zones", type=int, default=200, help="zones in the inbox (default: %(default)s)")
    parser.add_argument(
        "--enterprises", type=int, default=2500, help="enterprises a zone (default: %(default)s)"
    )
    arguments = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="coopzones-benchmark-"))
    try:
        _large_night(folder, SampleShape.large(arguments.zones, arguments.enterprises))
        _small_night(folder)
    finally:
        shutil.rmtree(folder)


def _large_night(folder: Path, shape: SampleShape) -> None:
    """Compare a night that reads a large inbox with the hand-written limit, and a second one with the floor.

    The floor is a night on an empty inbox. It runs first, in the same home, as a home that has had a night
    before is what a night finds.
    """
    inbox, empty_inbox, home = folder / "inbox", folder / "empty", folder / "home"
    print(f"Writing an inbox of {shape.zones} zones × {shape.enterprises} enterprises …", flush=True)
    write_sample_inbox(inbox, shape, SilentProgress())
    empty_inbox.mkdir()
    _night(empty_inbox, home)
    floor = _night(empty_inbox, home)
    night = _night(inbox, home)
    limit = run_limit(inbox, folder / "limit", os.cpu_count() or 1)
    check_same_marts(limit.database, home / "releases" / "current" / "coopzones.duckdb")
    print(
        f"limit: {limit.seconds:.1f} s: reading {limit.reading_seconds:.1f} s, SQL {limit.sql_seconds:.1f} s"
    )
    print(f"night: {night.seconds:.1f} s, peak memory {night.peak_bytes / MIB:.0f} MiB")
    print(f"RATIO whole night / limit = {night.seconds / limit.seconds:.2f}")
    _print_shares(home, night.seconds)
    second = _night(inbox, home)
    print(
        f"second night, nothing new: {second.seconds:.1f} s; night on an empty inbox: {floor.seconds:.1f} s"
    )
    print(f"RATIO nothing new / empty inbox = {second.seconds / floor.seconds:.2f}")
    _print_shares(home, second.seconds)
    shutil.rmtree(inbox)


def _small_night(folder: Path) -> None:
    """Compare a warm night on the sample with ``dbt build`` alone of the same project over the same lake."""
    home = folder / "sample-home"
    _night(None, home)
    warm = _night(None, home)
    run_measured(_dbt_build_command(home), _dbt_environment(home))
    build = run_measured(_dbt_build_command(home), _dbt_environment(home))
    print(f"sample: warm night {warm.seconds:.1f} s; dbt build alone {build.seconds:.1f} s")
    print(f"RATIO warm sample night / dbt build = {warm.seconds / build.seconds:.2f}")
    _print_shares(home, warm.seconds)


def _night(inbox: Path | None, home: Path) -> Measured:
    environment = {**os.environ, "COOPZONES_HOME": str(home)}
    environment.pop("COOPZONES_INBOX", None)
    environment.pop("COOPZONES_AS_OF", None)
    if inbox is not None:
        environment["COOPZONES_INBOX"] = str(inbox)
    return run_measured([str(COMMAND), "run"], environment)


def _print_shares(home: Path, whole: float) -> None:
    """Print each Dagster step's share of the newest run, which took ``whole`` seconds, the largest first."""
    from dagster import DagsterInstance  # noqa: PLC0415  a second of import that --help can do without

    with DagsterInstance.from_config(str(home / "dagster"), "terminal.yaml") as instance:
        run = instance.get_run_records(limit=1)[0].dagster_run
        steps = {
            stats.step_key: (stats.end_time or 0) - (stats.start_time or 0)
            for stats in instance.get_run_step_stats(run.run_id)
        }
    steps["outside the steps"] = whole - sum(steps.values())
    for name, seconds in sorted(steps.items(), key=lambda step: -step[1]):
        print(f"  {name:<20} {seconds:6.1f} s  {seconds / whole:5.0%}")


def _dbt_build_command(home: Path) -> list[str]:
    """Give what a person would type to build the project over the lake of ``home``, into a fresh file."""
    judged = max((home / "lake" / "judged").iterdir(), key=lambda path: path.stat().st_mtime)
    as_of = json.loads((home / "releases" / "current" / "manifest.json").read_text())["as_of"]
    variables = {"as_of": as_of[:19], "judged": str(judged), "night": str(home / "night")}
    return [
        str(DBT), "build", "--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT),
        "--exclude-resource-type", "unit_test", "--target-path", str(home / "bare-target"),
        "--log-path", str(home / "bare-target"), "--vars", json.dumps(variables),
    ]  # fmt: skip


def _dbt_environment(home: Path) -> dict[str, str]:
    return {
        **os.environ,
        "COOPZONES_WAREHOUSE": str(home / "bare.duckdb"),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    }


if __name__ == "__main__":
    main()
