"""Readers in processes of their own that ask a shelf the same question until they are told to stop.

A question is SQL over ``marts``. With every answer a reader notes which release gave it: on PostgreSQL the
register's word in the same statement, for the files the folder that ``current`` named.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import psycopg

Answer = tuple[str, list[Any]]
"""The release's number, and the rows."""

ON_POSTGRES = """
select register.release_id::text, (select json_agg(answer) from ({question}) as answer)
from coopzones.shelved_releases as register where register.schema_name = 'marts'
"""


@dataclass(frozen=True)
class Seen:
    """What one reader saw: how many answers, the different ones by release, the longest wait in seconds."""

    answers: int
    by_release: dict[str, list[Any]]
    longest_wait: float


@contextmanager
def hammering(question: str, stop: Path, *readers: dict[str, Any]) -> Iterator[list[Seen]]:
    """Let ``readers`` ask ``question`` during the block; afterwards the list holds what each of them saw.

    A reader has ``kind`` (postgres, duckdb, parquet), ``at`` (an address, or the folder of releases) and
    ``pause`` in seconds between two answers. ``stop`` is a file that is made to end them.
    """
    seen: list[Seen] = []
    plans = [
        json.dumps({"question": question, "stop": str(stop), "pause": 0, **reader}) for reader in readers
    ]
    processes = [
        subprocess.Popen(  # noqa: S603
            [sys.executable, __file__, plan], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for plan in plans
    ]
    try:
        for process in processes:
            assert process.stdout is not None
            assert process.stdout.readline() == "reading\n"
        yield seen
    finally:
        stop.touch()
        ended = [(process, *process.communicate(timeout=60)) for process in processes]
    for process, output, errors in ended:
        assert process.returncode == 0, errors
        seen.append(Seen(**json.loads(output)))


@contextmanager
def on_postgres(url: str, question: str) -> Iterator[Callable[[], Answer]]:
    """Ask over one connection that stays open."""
    with psycopg.connect(url, autocommit=True) as connection:

        def ask() -> Answer:
            [answer] = connection.execute(ON_POSTGRES.format(question=question)).fetchall()
            return answer

        yield ask


@contextmanager
def on_duckdb(releases: str, question: str) -> Iterator[Callable[[], Answer]]:
    """Ask the file of the folder that ``current`` names, opened anew for every answer."""

    def ask() -> Answer:
        folder = (Path(releases) / "current").resolve()
        with duckdb.connect(str(folder / "coopzones.duckdb"), read_only=True) as connection:
            return folder.name, connection.execute(question).pl().to_dicts()

    yield ask


@contextmanager
def on_parquet(releases: str, question: str) -> Iterator[Callable[[], Answer]]:
    """Ask the Parquet files of the folder that ``current`` names, resolved once an answer."""

    def ask() -> Answer:
        folder = (Path(releases) / "current").resolve()
        with duckdb.connect() as connection:
            connection.execute("create schema marts")
            for file in (folder / "parquet").glob("*.parquet"):
                connection.execute(f"create view marts.{file.stem} as from '{file}'")
            return folder.name, connection.execute(question).pl().to_dicts()

    yield ask


def main() -> None:
    """Ask until the file ``stop`` is there; print what was seen."""
    plan = json.loads(sys.argv[1])
    shelf = {"postgres": on_postgres, "duckdb": on_duckdb, "parquet": on_parquet}[plan["kind"]]
    answers, by_release, longest = 0, {}, 0.0
    with shelf(plan["at"], plan["question"]) as ask:
        print("reading", flush=True)
        while not Path(plan["stop"]).exists():
            began = time.monotonic()
            release, rows = ask()
            longest = max(longest, time.monotonic() - began)
            answers += 1
            different = by_release.setdefault(release, [])
            if rows not in different:
                different.append(rows)
            time.sleep(plan["pause"])
    print(json.dumps({"answers": answers, "by_release": by_release, "longest_wait": longest}))


if __name__ == "__main__":
    main()
