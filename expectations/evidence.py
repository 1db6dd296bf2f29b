"""What the verdict looks at: lake, night, marts, seeds and the last release side by side in one DuckDB.

Belongs here: opening them, all read-only, in a database that lives in memory for the length of a verdict.
Does not belong here: what is expected of them.

Schemas: ``lake`` (the judged submissions of the night, counted), ``night``, ``rules`` (``finding_counts``:
what the rules over the whole warehouse found), ``marts``, ``seeds`` (as text) and ``releases``
(``row_counts``: the rows of every mart tonight and in the last release).
"""
# ruff: noqa: S608 - names and paths in the SQL are the project's own

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingestion.seeds import load_seed

NIGHT_TABLES = ("submissions", "ledger_counts", "findings")
LEDGERS_JUDGED = ("applications", "changes", "designations", "dispositions", "promotion")
RULE_FINDINGS = "intermediate.int_rule_findings_united"
EMPTY = "_empty"
"""The folder of a judged submission that has no rows."""


@dataclass(frozen=True)
class Evidence:
    """The database of a verdict: a connection to it, and the address under which SQLAlchemy finds it."""

    connection: Any
    address: str


@contextmanager
def gather_evidence(
    warehouse: Path, *, judged: Path, night: Path, previous_release: Path | None, seeds: Sequence[str]
) -> Iterator[Evidence]:
    """Open everything of the night for reading, with the ``seeds`` named; nothing of it is written.

    ``judged`` and ``night`` are the folders of ``docs/lake.md``; ``previous_release`` is the folder of the
    last release, or ``None``. Raises ``FileNotFoundError`` when warehouse or release have no database.
    """
    from sqlalchemy import StaticPool, create_engine  # noqa: PLC0415

    address = f"duckdb:///:memory:judgement_{uuid.uuid4().hex}"
    engine = create_engine(address, poolclass=StaticPool)
    connection: Any = engine.raw_connection().driver_connection
    try:
        for schema in ("lake", "night", "rules", "marts", "seeds", "releases"):
            connection.execute(f"create schema {schema}")
        _show_marts(connection, warehouse, previous_release)
        connection.execute(
            "create table rules.finding_counts as select rule_id, submission_id, count(*) as findings "
            f"from warehouse.{RULE_FINDINGS} group by all"
        )
        _show_night(connection, night)
        _show_lake(connection, judged)
        for name in seeds:
            seed = load_seed(name).to_arrow()
            connection.register(f"seed_{name}", seed)
            connection.execute(f"create table seeds.{name} as select * from seed_{name}")
        yield Evidence(connection, address)
    finally:
        engine.dispose()


def _show_marts(connection: Any, warehouse: Path, previous_release: Path | None) -> None:
    now = _attach(connection, "warehouse", warehouse)
    before: list[str] = []
    if previous_release is not None:
        before = _attach(connection, "previous_release", previous_release / "coopzones.duckdb")
    for mart in now:
        connection.execute(f'create view marts."{mart}" as select * from warehouse.marts."{mart}"')
    connection.execute("create table releases.row_counts (mart text, rows_before bigint, rows_now bigint)")
    for mart in sorted({*now, *before}):
        rows_before = f'(select count(*) from previous_release.marts."{mart}")' if mart in before else "null"
        rows_now = f'(select count(*) from warehouse.marts."{mart}")' if mart in now else "0"
        connection.execute(f"insert into releases.row_counts select ?, {rows_before}, {rows_now}", [mart])


def _attach(connection: Any, alias: str, database: Path) -> list[str]:
    """Attach ``database`` read-only under ``alias`` and give the names of its marts."""
    if not database.is_file():
        raise FileNotFoundError(f"找不到数据库 / no such database: {database}")
    connection.execute(f"attach {_quoted(database)} as {alias} (read_only)")
    tables = connection.execute(
        "select table_name from duckdb_tables() "
        "where database_name = ? and schema_name = 'marts' order by all",
        [alias],
    )
    return [name for (name,) in tables.fetchall()]


def _show_night(connection: Any, night: Path) -> None:
    for name in NIGHT_TABLES:
        connection.execute(
            f"create table night.{name} as from read_parquet({_quoted(night / f'{name}.parquet')})"
        )
    for ledger in LEDGERS_JUDGED:
        path = night / "ledgers" / f"{ledger}.parquet"
        connection.execute(f"create view night.{ledger} as from read_parquet({_quoted(path)})")
    connection.execute(
        "create table night.ledger_row_counts (ledger text, ledger_file text, stored_rows bigint)",
    )
    for path in sorted((night / "ledgers").glob("*.parquet")):
        connection.execute(
            "insert into night.ledger_row_counts "
            f"select ?, ledger_file, count(*) from read_parquet({_quoted(path)}) group by ledger_file",
            [path.stem],
        )


def _show_lake(connection: Any, judged: Path) -> None:
    """Count what stands in the lake of the night's submissions; a missing file is an error of DuckDB's."""
    visible = connection.execute("select submission_id from night.submissions order by all").fetchall()
    folders = [EMPTY, *(submission_id for (submission_id,) in visible)]

    def rows(table: str) -> str:
        return f"read_parquet([{', '.join(_quoted(judged / name / f'{table}.parquet') for name in folders)}])"

    connection.execute(f"create table lake.covers as from {rows('cover')}")
    connection.execute(f"create table lake.row_counts as from {rows('row_counts')}")
    connection.execute(
        "create table lake.finding_counts as select submission_id, rule_id, count(*) as findings "
        f"from {rows('findings')} group by all"
    )
    connection.execute(
        "create table lake.quarantined_counts as select submission_id, table_name, count(*) as stored_rows "
        f"from {rows('quarantine')} group by all"
    )
    connection.execute(
        "create table lake.roster_years as select submission_id, year, count(*) as enterprises, "
        f"sum(revenue_wan) as revenue_wan from {rows('roster')} group by all"
    )
    connection.execute(
        "create table lake.accepted_counts as "
        "select submission_id, 'roster' as table_name, sum(enterprises) as stored_rows "
        "from lake.roster_years group by all"
    )
    for table in _tables_of_a_workbook():
        if table != "roster":
            connection.execute(
                "insert into lake.accepted_counts "
                f"select submission_id, '{table}', count(*) from {rows(table)} group by all"
            )


def _tables_of_a_workbook() -> list[str]:
    sheets = load_seed("workbook_sheets").filter(layout="table")
    return list(sheets["table_name"])


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
