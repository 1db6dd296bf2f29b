"""Column schemas for Dagster's page, from the frames and tables themselves: no second list of columns."""

from collections.abc import Mapping
from typing import Any

import dagster as dg


def column_schema(schema: Mapping[str, Any]) -> dg.TableSchema:
    """Give the columns of a polars schema (name → type)."""
    return dg.TableSchema(
        columns=[dg.TableColumn(name=name, type=str(kind)) for name, kind in schema.items()]
    )
