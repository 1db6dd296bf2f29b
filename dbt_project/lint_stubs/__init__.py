"""What sqlfluff puts in place of dbt's own objects, so that linting needs neither dbt nor a warehouse.

Only the shape of the SQL matters here: a macro that differs between engines is a call of its name.
"""

from collections.abc import Callable
from typing import Any


class Adapter:
    """dbt's ``adapter``."""

    @staticmethod
    def dispatch(name: str) -> Callable[..., str]:
        """Give the dispatched macro ``name``."""
        return lambda *_arguments: f"{name}(1)"


class CrossDatabaseMacros:
    """dbt's macros that every adapter has."""

    def __getattr__(self, name: str) -> Callable[..., str]:
        """Give the macro ``name``: a type's name, or a call."""
        return lambda *_arguments: "varchar" if name.startswith("type_") else f"{name}(1)"


def var(name: str, default: Any = None) -> Any:
    """Give a variable of the run."""
    return {"parameters": {}, "as_of": "2026-06-30T00:00:00"}.get(name, default)


adapter = Adapter()
dbt = CrossDatabaseMacros()
execute = False
