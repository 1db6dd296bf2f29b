"""How what fails a check is told to people: the finding, with its messages in Chinese and English.

Belongs here: the shape of a finding and the filling of message templates. Does not belong here: any rule,
any wording (that is the seed ``rule_messages``).
"""

import re
from collections.abc import Sequence
from functools import cache

import polars as pl

from ingestion.judging.checks import RuleCheck
from ingestion.judging.contract import Table
from ingestion.judging.readings import FILE, ROW, TEXT
from ingestion.judging.values import shown
from ingestion.seeds import load_seed

FINDING = {
    "submission_id": pl.String(),
    "row_number": pl.Int64(),
    "rule_id": pl.String(),
    "sheet": pl.String(),
    "row_identity": pl.String(),
    "field": pl.String(),
    "value": pl.String(),
    "expected": pl.String(),
    "message_zh": pl.String(),
    "message_en": pl.String(),
}
"""The columns of a finding."""

IDENTITY_SEPARATOR = "\x1e"
"""Between the parts of a row's identity (U+001E)."""

LONGEST_QUOTE = 80
"""How many characters of a cell a message quotes; the finding's ``value`` is whole."""

PLACE = re.compile(r"\{(\w+)\}")
TEMPLATES = ("expected", "message_zh", "message_en")


@cache
def templates() -> dict[tuple[str, str], dict[str, str]]:
    """Give the templates of a rule's case: ``expected``, ``message_zh``, ``message_en``."""
    rows = load_seed("rule_messages").to_dicts()
    return {(row["rule_id"], row["case_id"]): {name: row[name] for name in TEMPLATES} for row in rows}


def findings_of(
    frame: pl.DataFrame,
    failures: pl.DataFrame,
    checks: Sequence[RuleCheck],
    table: Table | None = None,
    identity: pl.Expr | None = None,
) -> pl.DataFrame:
    """Give the findings of what failed (``failures`` of ``checks.failing``) in ``frame``.

    ``frame`` has ``file_id``; where it has ``row_number``, ``sheet`` or ``header``, they are the finding's;
    else they follow from the check's column and ``table``. ``identity`` tells one row from another.
    """
    identity = pl.lit("") if identity is None else identity
    parts = [
        _findings_of_check(frame[indices["index"]], checks[number], table, identity)
        for (number,), indices in failures.sort("check", "index").partition_by("check", as_dict=True).items()
    ]
    return pl.concat([pl.DataFrame(schema=FINDING), *parts])


def _findings_of_check(
    rows: pl.DataFrame, check: RuleCheck, table: Table | None, identity: pl.Expr
) -> pl.DataFrame:
    places = {
        "sheet": pl.lit(table.title if table else None, pl.String),
        "field": check.about if check.about is not None else pl.lit(check.column),
        "header": pl.lit(_header(table, check.column), pl.String),
        "value": check.value if check.value is not None else _cell(rows, check.column),
    }
    known = places | {name: pl.col(name) for name in ("sheet", "header") if name in rows.columns}
    number = pl.col(ROW) if ROW in rows.columns else pl.lit(None, pl.Int64)
    texts = {name: place.cast(pl.String) for name, place in (known | dict(check.details)).items()}
    texts["value"] = texts["value"].str.slice(0, LONGEST_QUOTE)
    wording = templates()[check.rule_id, check.case_id]
    return rows.select(
        pl.col(FILE).alias("submission_id"),
        number.alias("row_number"),
        pl.lit(check.rule_id).alias("rule_id"),
        known["sheet"].alias("sheet"),
        identity.alias("row_identity"),
        known["field"].alias("field"),
        known["value"].cast(pl.String).alias("value"),
        *(_filled(wording[name], texts).alias(name) for name in TEMPLATES),
    )


def _header(table: Table | None, column: str) -> str | None:
    """Give what stands above ``column`` in ``table``; null where the column is none of its fields."""
    if table is None:
        return None
    return next((field.header for field in table.fields if field.name == column), None)


def _cell(rows: pl.DataFrame, column: str) -> pl.Expr:
    return shown(pl.col(column + TEXT)) if column + TEXT in rows.columns else pl.lit(None, pl.String)


def _filled(template: str, texts: dict[str, pl.Expr]) -> pl.Expr:
    """Fill the places of ``template``; a place that nothing fills raises ``KeyError``."""
    parts = PLACE.split(template)
    literals, places = parts[::2], parts[1::2]
    filled = [pl.lit(literals[0])]
    for place, literal in zip(places, literals[1:], strict=True):
        filled += [texts[place].fill_null(""), pl.lit(literal)]
    return pl.concat_str(filled)


def sort_findings(findings: pl.DataFrame) -> pl.DataFrame:
    """Give the findings in the order in which a person would go through them."""
    order = ("submission_id", "sheet", "row_number", "rule_id", "field", "value")
    return findings.sort(order, nulls_last=False, maintain_order=True)
