"""The one module that makes Great Expectations work on DuckDB, and that imports it.

Belongs here: what is particular to the pair of them. Great Expectations closes the connection of a dialect
that is not among its persisted ones before it fetches, so every expectation on DuckDB ends in an error;
declaring DuckDB among them is the remedy, through a private name, hence the exact pin of the package.
Does not belong here: expectations.
"""

import os
from enum import StrEnum
from functools import cache
from types import ModuleType

SWITCHED_OFF = {"GX_ANALYTICS_ENABLED": "false"}
"""Environment of Great Expectations: nothing is told to anybody."""


class PersistedDialect(StrEnum):
    """The dialect that Great Expectations does not list, in the shape of those that it lists."""

    DUCKDB = "duckdb"


@cache
def load_great_expectations() -> ModuleType:
    """Import Great Expectations (some seconds), declare DuckDB to it and give the package."""
    os.environ.update(SWITCHED_OFF)
    import great_expectations  # noqa: PLC0415
    import great_expectations.expectations  # noqa: PLC0415
    from great_expectations.execution_engine import sqlalchemy_execution_engine  # noqa: PLC0415

    listed = sqlalchemy_execution_engine._PERSISTED_CONNECTION_DIALECTS
    sqlalchemy_execution_engine._PERSISTED_CONNECTION_DIALECTS = (  # type: ignore[assignment]
        *listed,
        PersistedDialect.DUCKDB,
    )
    return great_expectations
