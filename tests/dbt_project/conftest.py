"""A lake to fill by hand, and the project built over it in this process.

Tables are what docs/lake.md says; their columns come from the same seeds that ingestion reads.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import duckdb
import pytest

from ingestion.seeds import SEEDS, load_seed
from publication.last_release import LAST_RELEASE, write_last_release

PROJECT = SEEDS.parent
AS_OF = "2026-06-30T00:00:00"
SQL_TYPES = {
    "text": "VARCHAR",
    "enum": "VARCHAR",
    "list": "VARCHAR",
    "integer": "BIGINT",
    "decimal": "DECIMAL(38,18)",
    "date": "DATE",
    "timestamp": "TIMESTAMP",
    "boolean": "BOOLEAN",
}
KEYS = {"submission_id": "VARCHAR", "row_number": "BIGINT"}
FINDING = KEYS | dict.fromkeys(
    ["rule_id", "sheet", "row_identity", "field", "value", "expected", "message_zh", "message_en"], "VARCHAR"
)


def _columns(seed: str, group: str, name: str) -> dict[str, str]:
    fields = load_seed(seed).filter(load_seed(seed)[group] == name)
    return {
        row["field"]: "INTEGER" if row["unit"] == "year" else SQL_TYPES[row["type"]]
        for row in fields.iter_rows(named=True)
        if row.get("personal") != "yes"
    }


def lake_tables() -> dict[str, dict[str, str]]:
    """Give the columns and types of every table of one judged submission."""
    tables = {
        name: KEYS | _columns("workbook_fields", "table_name", name)
        for name in load_seed("workbook_sheets")["table_name"]
    }
    counts = {"roster_rows": "BIGINT", "quarantined_rows": "BIGINT", "is_rejected": "BOOLEAN"}
    tables["cover"] |= counts
    return tables | {"findings": FINDING, "extras": KEYS | {"sheet": "VARCHAR", "header": "VARCHAR"}}


def night_tables() -> dict[str, dict[str, str]]:
    """Give the columns and types of every table of a night, ledgers as ``ledgers/<ledger>``."""
    stamps = {"received_at": "TIMESTAMP", "received_basis": "VARCHAR", "zone_sent_at": "TIMESTAMP"}
    tables = {
        "submissions": {"submission_id": "VARCHAR", "file_name": "VARCHAR"} | stamps | {"sent_by": "VARCHAR"},
        "findings": FINDING,
        "ledger_extras": {"ledger": "VARCHAR", "ledger_file": "VARCHAR", "header": "VARCHAR"},
        "sources": dict.fromkeys(["source", "title_zh", "title_en", "ledger"], "VARCHAR")
        | dict.fromkeys(["fresh_within_days", "may_fail_for_hours"], "DECIMAL(9,3)"),
        "source_attempts": {
            "source": "VARCHAR",
            "request": "VARCHAR",
            "attempt_number": "BIGINT",
            "attempted_at": "TIMESTAMP",
            "outcome": "VARCHAR",
            "case_id": "VARCHAR",
        },
        "source_problems": dict.fromkeys(["source", "request", "case_id", "field", "value"], "VARCHAR")
        | {"fetched_at": "TIMESTAMP", "row_identity": "VARCHAR"},
    }
    for ledger in load_seed("ledger_fields")["ledger"].unique(maintain_order=True):
        marks = {
            "ledger_file": "VARCHAR",
            "row_number": "BIGINT",
            "is_in_force": "BOOLEAN",
            "row_identity": "VARCHAR",
        }
        tables[f"ledgers/{ledger}"] = _columns("ledger_fields", "ledger", ledger) | marks
    return tables


class Lake:
    """A judged lake and a night, in two folders."""

    def __init__(self, judged: Path, night: Path) -> None:
        """Take the folders as they are."""
        self.judged, self.night = judged, night

    @classmethod
    def empty(cls, home: Path) -> "Lake":
        """Write a lake below ``home`` with every table and no rows, as of an empty inbox."""
        lake = cls(home / "judged", home / "night")
        for name, columns in lake_tables().items():
            lake._write(lake.judged / "_empty" / f"{name}.parquet", columns, [])
        for name, columns in night_tables().items():
            lake._write(lake.night / f"{name}.parquet", columns, [])
        return lake

    def submit(self, submission_id: str, **tables: Iterable[Mapping[str, Any]]) -> None:
        """Put the tables of one submission into the lake; columns that a row leaves out are null."""
        for name, columns in lake_tables().items():
            rows = [{"submission_id": submission_id} | dict(row) for row in tables.get(name, [])]
            self._write(self.judged / submission_id / f"{name}.parquet", columns, rows)

    def record(self, table: str, rows: Iterable[Mapping[str, Any]]) -> None:
        """Put the rows of one table of the night, ``submissions`` or ``ledgers/<ledger>``.

        A ledger's row that does not say its identity has that of its key, as judging gives it.
        """
        fields = load_seed("ledger_fields")
        keys = fields.filter(
            (fields["ledger"] == table.removeprefix("ledgers/")) & (fields["is_key"] == "yes")
        )["field"]
        named = [{"row_identity": "\x1e".join(str(row.get(key)) for key in keys)} | dict(row) for row in rows]
        self._write(self.night / f"{table}.parquet", night_tables()[table], named if len(keys) else list(rows))

    @staticmethod
    def _write(path: Path, columns: Mapping[str, str], rows: list[Mapping[str, Any]]) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        unknown = {name for row in rows for name in row} - columns.keys()
        assert not unknown, f"{path.name} has no columns {unknown}"
        with duckdb.connect() as connection:
            typed = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
            connection.execute(f"create table rows_of_the_table ({typed})")
            if rows:
                places = ", ".join("?" * len(columns))
                values = [[row.get(name) for name in columns] for row in rows]
                connection.executemany(f"insert into rows_of_the_table values ({places})", values)
            connection.execute(f"copy rows_of_the_table to '{path}' (format parquet)")


class Project:
    """The dbt project, run in this process over one lake into one warehouse."""

    def __init__(self, home: Path, lake: Lake, folder: Path = PROJECT) -> None:
        """Take the project in ``folder``; everything that dbt writes goes below ``home``.

        A night that says nothing of a release before it is a first one.
        """
        self.home, self.lake, self.folder = home, lake, folder
        self.warehouse = home / "warehouse.duckdb"
        self._manifest: Any = None
        if not (lake.night / LAST_RELEASE).exists():
            write_last_release(home / "without releases", lake.night)

    def run(self, *command: str, as_of: str = AS_OF, parameters: Mapping[str, str] | None = None) -> Any:
        """Run a dbt command; give dbt's own result, whether it succeeded or not. Parses only once."""
        from dbt.adapters.duckdb.connections import DuckDBConnectionManager  # noqa: PLC0415
        from dbt.cli.main import dbtRunner  # noqa: PLC0415  takes seconds

        with pytest.MonkeyPatch.context() as environment:
            environment.setenv("COOPZONES_WAREHOUSE", str(self.warehouse))
            variables: dict[str, Any] = {"judged": str(self.lake.judged), "night": str(self.lake.night)}
            variables |= {"as_of": as_of, "parameters": dict(parameters or {})}
            variables |= {"release": {"number": 1, "started_at": as_of, "code_version": "", "rules_version": ""}}
            folders = ["--project-dir", self.folder, "--profiles-dir", self.folder]
            outputs = ["--target-path", self.home / "target", "--log-path", self.home / "logs", "--quiet"]
            settings = [str(word) for word in [*folders, *outputs, "--vars", json.dumps(variables)]]
            try:
                self._manifest = self._manifest or dbtRunner().invoke(["parse", *settings]).result
                return dbtRunner(manifest=self._manifest).invoke([*command, *settings])
            finally:
                DuckDBConnectionManager.close_all_connections()  # else the file stays locked

    def build(self, as_of: str = AS_OF, parameters: Mapping[str, str] | None = None) -> None:
        """Build seeds, models and data tests as a night does; fail with dbt's messages when dbt does."""
        succeed(self.run("build", "--exclude-resource-type", "unit_test", as_of=as_of, parameters=parameters))

    @property
    def manifest(self) -> Any:
        """Give dbt's manifest of the project; it has run before."""
        return self._manifest

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Give what a query says of the warehouse."""
        with duckdb.connect(str(self.warehouse), read_only=True) as connection:
            return connection.execute(query).fetchall()

    def sql(self, template: str) -> str:
        """Give the SQL that dbt makes of a template, so that a macro can be run over any values."""
        result = self.run("compile", "--inline", template)
        succeed(result)
        return str(result.result.results[0].node.compiled_code)


def complaints(result: Any) -> str:
    """Give everything that a dbt result complains of, one node after the other."""
    if result.exception:
        return str(result.exception)
    return "\n".join(
        f"{node.node.name}: {node.message}"
        for node in result.result
        if node.status not in {"pass", "success"}
    )


def succeed(result: Any) -> None:
    """Fail with dbt's messages unless the run succeeded."""
    assert result.success, complaints(result)


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Give the project with seeds loaded and every model built over an empty lake."""
    home = tmp_path_factory.mktemp("dbt_project")
    empty = Project(home, Lake.empty(home / "lake"))
    succeed(empty.run("build", "--exclude-resource-type", "unit_test", "test"))
    return empty


@pytest.fixture(scope="session")
def project_over(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Project]:
    """Give a function that takes a judged lake and a night and gives the project over them, not built yet."""

    def over(judged: Path, night: Path, folder: Path = PROJECT) -> Project:
        return Project(tmp_path_factory.mktemp("dbt_project"), Lake(judged, night), folder)

    return over


@pytest.fixture(scope="session")
def empty_lake() -> Callable[[Path], Lake]:
    """Give a function that writes a lake without rows below a folder."""
    return Lake.empty


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    """Give an empty lake to fill by hand."""
    return Lake.empty(tmp_path / "lake")
