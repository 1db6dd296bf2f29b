"""A reader of one shelf, run as a program: asks for the same answer until it is told to stop.

The answer joins two marts and tells which release each row says it is of, and which one the shelf says.
"""

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import psycopg

Ask = Callable[[], list[tuple[str, ...]]]

QUESTION = """
select distinct zones.zone_name, enterprises.enterprise_name, {told} from {zones} as zones
join {enterprises} as enterprises on enterprises.zone_id = zones.zone_id {register}
"""


@contextmanager
def postgres(url: str) -> Iterator[Ask]:
    """Ask the shelf; the register says which release it is."""
    question = QUESTION.format(
        zones="marts.zones", enterprises="marts.enterprises", told="register.release_id::text",
        register="join coopzones.shelved_releases as register on register.schema_name = 'marts'",
    )  # fmt: skip
    with psycopg.connect(url, autocommit=True) as connection:
        yield lambda: connection.execute(question).fetchall()


@contextmanager
def duckdb_file(releases: str) -> Iterator[Ask]:
    """Ask the file that ``current`` names, opened anew every time; no release is told besides."""
    question = QUESTION.format(
        zones="marts.zones", enterprises="marts.enterprises", told="zones.zone_name", register=""
    )

    def ask() -> list[tuple[str, ...]]:
        file = Path(releases) / "current" / "coopzones.duckdb"
        with duckdb.connect(str(file), read_only=True) as connection:
            return connection.execute(question).fetchall()

    yield ask


@contextmanager
def parquet_files(releases: str) -> Iterator[Ask]:
    """Ask the Parquet files of the folder that ``current`` names, resolved once an answer."""
    with duckdb.connect() as connection:

        def ask() -> list[tuple[str, ...]]:
            folder = (Path(releases) / "current").resolve()
            question = QUESTION.format(
                zones=f"'{folder}/parquet/zones.parquet'",
                enterprises=f"'{folder}/parquet/enterprises.parquet'",
                told=f"'{folder.name}'", register="",
            )  # fmt: skip
            return connection.execute(question).fetchall()

        yield ask


def main() -> None:
    """Ask until the file ``stop`` is there; print what was seen."""
    plan = json.loads(sys.argv[1])
    shelf = {"postgres": postgres, "duckdb": duckdb_file, "parquet": parquet_files}[plan["kind"]]
    answers, releases, mixed, longest = 0, set(), [], 0.0
    with shelf(plan["at"]) as ask:
        print("reading", flush=True)
        while not Path(plan["stop"]).exists():
            began = time.monotonic()
            rows = ask()
            longest = max(longest, time.monotonic() - began)
            answers += 1
            if len(rows) != 1 or len(set(rows[0])) != 1:
                mixed.append(rows)
            else:
                releases.add(rows[0][0])
            time.sleep(plan.get("pause", 0))
    seen = {"answers": answers, "releases": sorted(releases), "mixed": mixed, "longest_wait": longest}
    print(json.dumps(seen))


if __name__ == "__main__":
    main()
