"""Ends a load before each of its statements in turn and tells what readers find; the tests run it.

Each attempt happens in a forked child, so that nothing is tidied up: the child dies as by a power cut. The
parent touches nothing that has threads of its own, which a fork would not survive.
"""

import json
import os
import sys
from pathlib import Path

import psycopg
from pydantic import SecretStr

from publication.postgres.configuration import Shelf
from publication.postgres.shelf import shelve_current

KILLED = 9


def die_before_statement(nth: int) -> None:
    """End this process right before its ``nth`` statement; copying a mart counts with what follows it."""
    seen = 0
    execute = psycopg.Connection.execute

    def count(self: psycopg.Connection, *arguments: object, **options: object) -> psycopg.Cursor:
        nonlocal seen
        seen += 1
        if seen == nth:
            os._exit(KILLED)
        return execute(self, *arguments, **options)  # type: ignore[arg-type]

    psycopg.Connection.execute = count  # type: ignore[method-assign,assignment]


def load_to_death(plan: dict[str, str], nth: int) -> bool:
    """Load in a child that dies before its ``nth`` statement; say whether it died."""
    child = os.fork()
    if child == 0:
        die_before_statement(nth)
        shelve_current(Path(plan["home"]), Shelf(SecretStr(plan["url"]), plan["readers"], grace_minutes=0))
        os._exit(0)
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    if code not in {0, KILLED}:
        raise RuntimeError(f"the load ended with {code}")
    return code == KILLED


def what_readers_find(url: str) -> tuple[int, str]:
    """Give the release that the register tells and the name that the marts hold."""
    with psycopg.connect(url) as connection:
        [found] = connection.execute(
            "select distinct register.release_id, zones.zone_name || enterprises.enterprise_name"
            " from coopzones.shelved_releases as register, marts.zones, marts.enterprises"
            " where register.schema_name = 'marts'"
        ).fetchall()
    return found


def main() -> None:
    """End a load before every ``every``-th statement until one ends alive; print what each left."""
    plan = json.loads(sys.argv[1])
    outcomes = []
    for nth in range(1, 10_000, plan["every"]):
        died = load_to_death(plan, nth)
        outcomes.append(what_readers_find(plan["reader_url"]))
        if not died:
            break
    print(json.dumps(outcomes))


if __name__ == "__main__":
    main()
