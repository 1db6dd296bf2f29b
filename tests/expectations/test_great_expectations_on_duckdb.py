"""The remedy that makes Great Expectations work on DuckDB: still needed, and imported only when asked for."""

import subprocess
import sys

from expectations.great_expectations_on_duckdb import PersistedDialect, load_great_expectations

COLD = "import expectations.catalogue, expectations.evidence, expectations.verdict, sys; print(*sys.modules)"


def test_great_expectations_does_not_know_duckdb_by_itself() -> None:
    """When this fails the package knows DuckDB: drop the private name, and the exact pin with it."""
    load_great_expectations()
    from great_expectations.execution_engine import sqlalchemy_execution_engine  # noqa: PLC0415
    from great_expectations.execution_engine.sqlalchemy_dialect import GXSqlDialect  # noqa: PLC0415

    ours = sqlalchemy_execution_engine._PERSISTED_CONNECTION_DIALECTS
    assert [dialect for dialect in ours if dialect == "duckdb"] == [PersistedDialect.DUCKDB]
    assert "duckdb" not in {dialect.value for dialect in GXSqlDialect}


def test_importing_the_room_does_not_import_great_expectations() -> None:
    done = subprocess.run([sys.executable, "-c", COLD], capture_output=True, text=True, check=True)  # noqa: S603
    assert "great_expectations" not in done.stdout.split()
    assert "sqlalchemy" not in done.stdout.split()
