"""A small night that keeps every expectation: lake, night, warehouse and last release, as real files.

Two zones: one with an annual report (its first version rejected), one with an application of two years; one
workbook that can't be read. Tests break one thing of it and see which expectation says so.
"""

import shutil
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest
import yaml

from ingestion.seeds import SEEDS

HERE = Path(__file__).parent
MART_MODELS = HERE.parents[1] / "dbt_project" / "models" / "marts"


@dataclass(frozen=True)
class Night:
    """The folders and files of a night."""

    root: Path

    @property
    def warehouse(self) -> Path:
        """Give the warehouse that dbt would have built."""
        return self.root / "warehouse.duckdb"

    @property
    def judged(self) -> Path:
        """Give the judged lake."""
        return self.root / "judged"

    @property
    def night(self) -> Path:
        """Give the tables of the night."""
        return self.root / "night"

    @property
    def release(self) -> Path:
        """Give the last release."""
        return self.root / "release"

    def change_marts(self, statement: str) -> None:
        """Run ``statement`` in the warehouse; its tables are found without naming their schema."""
        with duckdb.connect(str(self.warehouse)) as warehouse:
            warehouse.execute(f"use marts; {statement}")

    def change_file(self, path: Path, query: str) -> None:
        """Write ``path`` (Parquet) anew with the rows of ``query`` over ``rows``, its present ones."""
        changed = path.with_suffix(".changed")
        with duckdb.connect() as connection:
            connection.execute(f"create view rows as from read_parquet('{path}')")
            connection.execute(f"copy ({query}) to '{changed}' (format parquet)")
        changed.replace(path)


def create_marts(connection: duckdb.DuckDBPyConnection) -> None:
    """Create the marts, empty, with the columns and types of their dbt contracts."""
    connection.execute("create schema marts")
    for path in sorted(MART_MODELS.glob("*.yml")):
        for model in yaml.safe_load(path.read_text(encoding="utf-8"))["models"]:
            columns = ", ".join(f'"{column["name"]}" {column["data_type"]}' for column in model["columns"])
            connection.execute(f'create table marts."{model["name"]}" ({columns})')


def write_tables(connection: duckdb.DuckDBPyConnection, schema: str, folder: Path) -> None:
    """Write every table of ``schema`` to ``folder`` as Parquet."""
    folder.mkdir(parents=True)
    named = "select table_name from duckdb_tables() where schema_name = ?"
    for (table,) in connection.execute(named, [schema]).fetchall():
        connection.execute(f"copy {schema}.{table} to '{folder / f'{table}.parquet'}' (format parquet)")


def write_judged(connection: duckdb.DuckDBPyConnection, judged: Path) -> None:
    """Write the tables of schema ``lake`` as one folder a submission, and one without rows."""
    tables = [
        name
        for (name,) in connection.execute(
            "select table_name from duckdb_tables() where schema_name = 'lake'"
        ).fetchall()
    ]
    submissions = [name for (name,) in connection.execute("select submission_id from lake.cover").fetchall()]
    for submission_id in ["_empty", *submissions]:
        (judged / submission_id).mkdir(parents=True)
        for table in tables:
            path = judged / submission_id / f"{table}.parquet"
            rows = f"from lake.{table} where submission_id = '{submission_id}'"
            connection.execute(f"copy ({rows}) to '{path}' (format parquet)")


@pytest.fixture(scope="session")
def kept_night(tmp_path_factory: pytest.TempPathFactory) -> Night:
    """Give the night that keeps every expectation; not to be changed."""
    night = Night(tmp_path_factory.mktemp("kept"))
    with duckdb.connect() as connection:
        connection.execute("create schema seeds")
        for path in SEEDS.glob("*/*.csv"):
            connection.execute(
                f"create view seeds.{path.stem} as from read_csv('{path}', all_varchar = true, header = true)"
            )
        create_marts(connection)
        connection.execute((HERE / "kept_night.sql").read_text(encoding="utf-8"))
        connection.execute(f"attach '{night.warehouse}' as warehouse")
        connection.execute("create schema warehouse.intermediate")
        connection.execute(
            "create table warehouse.intermediate.int_rule_findings_united as from rules.findings_united"
        )
        connection.execute("create schema warehouse.marts")
        marts = "select table_name from duckdb_tables() where schema_name = 'marts'"
        for (mart,) in connection.execute(marts).fetchall():
            connection.execute(f"create table warehouse.marts.{mart} as from memory.marts.{mart}")
        connection.execute("detach warehouse")
        write_tables(connection, "night", night.night)
        write_tables(connection, "ledgers", night.night / "ledgers")
        write_judged(connection, night.judged)
    night.release.mkdir()
    shutil.copyfile(night.warehouse, night.release / "coopzones.duckdb")
    return night


@pytest.fixture
def night(kept_night: Night, tmp_path: Path) -> Night:
    """Give a copy of the night that keeps every expectation, for a test to break."""
    shutil.copytree(kept_night.root, tmp_path / "night")
    return Night(tmp_path / "night")
