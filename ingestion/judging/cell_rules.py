"""What every cell is held to: filled where required, readable as its type, one of the listed values.

Belongs here: the part that V03, V10, V20 and S04 share. Each calls it with its own id.
"""

import polars as pl

from ingestion.judging.checks import RuleCheck
from ingestion.judging.contract import Field
from ingestion.judging.readings import TEXT
from ingestion.judging.values import is_error
from ingestion.seeds import load_seed

NEVER = pl.lit(value=False)
CHOICES = ("enum", "boolean")


def cell_checks(rule_id: str, field: Field, unless: pl.Expr = NEVER) -> list[RuleCheck]:
    """Give the checks of ``field`` under ``rule_id``; rows where ``unless`` is true are exempt.

    A list's items are not looked at here; an error cell is unreadable whatever the type.
    """
    text, value = pl.col(field.name + TEXT), pl.col(field.name)
    blank = text.is_null()
    error = is_error(text).fill_null(value=False)
    checks = [RuleCheck(rule_id, "unreadable", field.name, _readable(field) | unless, _type_names(field))]
    if field.required:
        checks.append(RuleCheck(rule_id, "blank", field.name, ~blank | unless))
    if field.type in CHOICES:
        listed = value.is_not_null() | blank | error
        checks.append(
            RuleCheck(rule_id, "not_listed", field.name, listed | unless, {"listed": listed_texts(field)})
        )
    if field.pattern is not None:
        matching = value.is_not_null() | blank | error
        checks.append(
            RuleCheck(rule_id, "pattern", field.name, matching | unless, {"pattern": pl.lit(field.pattern)})
        )
    return checks


def listed_texts(field: Field) -> pl.Expr:
    """Give the values that ``field`` may hold, as a person writes them."""
    return pl.lit("、".join(value.text for value in field.values))


def _readable(field: Field) -> pl.Expr:
    text, value = pl.col(field.name + TEXT), pl.col(field.name)
    if field.type in (*CHOICES, "text", "list"):
        return ~is_error(text).fill_null(value=False)
    return value.is_not_null() | text.is_null()


def _type_names(field: Field) -> dict[str, pl.Expr]:
    names = load_seed("value_types").filter(type=field.type)
    return {"type_zh": pl.lit(names["name_zh"].item()), "type_en": pl.lit(names["name_en"].item())}
