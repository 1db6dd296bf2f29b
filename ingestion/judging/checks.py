"""How a rule becomes a pandera check that carries its id, and what fails it becomes a frame.

Belongs here: the bridge to pandera. Does not belong here: any rule.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    import pandera.polars as pa

FAILURES = {"index": pl.UInt32(), "check": pl.UInt32()}


@dataclass(frozen=True)
class RuleCheck:
    """One thing that a rule holds a column to.

    ``passes`` may use every column of the frame; where it is null the rule can't be judged and passes.
    ``details`` fill the places of the rule's messages besides value, field, header and sheet. ``value`` is
    what the finding shows as having stood there, by default the text of the column's cell; ``about`` the
    field that it names, by default the column.
    """

    rule_id: str
    case_id: str
    column: str
    passes: pl.Expr
    details: Mapping[str, pl.Expr] = field(default_factory=dict)
    value: pl.Expr | None = None
    about: pl.Expr | None = None

    @property
    def name(self) -> str:
        """The name that pandera reports: the rule's id and the case."""
        return f"{self.rule_id}.{self.case_id}"


def failing(
    frame: pl.DataFrame, checks: Sequence[RuleCheck], types: Mapping[str, pl.DataType] | None = None
) -> pl.DataFrame:
    """Hold ``frame`` to ``checks`` and give what fails: ``index`` (of the row) and ``check`` (of the list).

    ``types`` are the types that its columns must have. A column of another type, or a check that can't be
    run, is a bug and raises ``pandera.errors.SchemaErrors``.
    """
    if frame.is_empty() or not checks:
        return pl.DataFrame(schema=FAILURES)
    # Pandera takes seconds to import; a night with nothing new must not pay for it.
    from pandera.config import ValidationDepth, config_context  # noqa: PLC0415
    from pandera.errors import SchemaErrorReason, SchemaErrors  # noqa: PLC0415

    schema = rule_schema(checks, types or {})
    try:
        with config_context(validation_enabled=True, validation_depth=ValidationDepth.SCHEMA_AND_DATA):
            # A DataFrame, never a LazyFrame: of that pandera checks the schema only.
            schema.validate(frame, lazy=True)
    except SchemaErrors as errors:
        if any(error.reason_code != SchemaErrorReason.DATAFRAME_CHECK for error in errors.schema_errors):
            raise
        return _failures(errors.failure_cases, checks)
    return pl.DataFrame(schema=FAILURES)


def rule_schema(checks: Sequence[RuleCheck], types: Mapping[str, pl.DataType]) -> "pa.DataFrameSchema":
    """Give the pandera schema whose checks are named by rule and case, each on its column."""
    import pandera.polars as pa  # noqa: PLC0415

    by_column: dict[str, list[pa.Check]] = {name: [] for name in types}
    for check in checks:
        by_column.setdefault(check.column, []).append(_pandera_check(check))
    return pa.DataFrameSchema(
        {name: pa.Column(types.get(name), column, nullable=True) for name, column in by_column.items()}
    )


def _pandera_check(check: RuleCheck) -> "pa.Check":
    import pandera.polars as pa  # noqa: PLC0415

    def holds(data: "pa.PolarsData") -> pl.LazyFrame:
        return data.lazyframe.select(check.passes.alias(check.column))

    return pa.Check(holds, name=check.name, error=check.name)


def _failures(cases: pl.DataFrame, checks: Sequence[RuleCheck]) -> pl.DataFrame:
    numbers = pl.DataFrame(
        [(check.column, check.name, number) for number, check in enumerate(checks)],
        schema={"column": pl.String, "name": pl.String, "number": pl.UInt32},
        orient="row",
    )
    named = cases.select(pl.col("index").cast(pl.UInt32), "column", name="check")
    return named.join(numbers, on=["column", "name"], validate="m:1").select("index", check="number")
