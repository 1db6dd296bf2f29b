"""The V rules of the ledgers: V20 and, of the dispositions, V21.

Belongs here: what a row of a ledger is held to. Whether a disposition's ``failure_id`` exists is seen only
when all findings are known, so that part of V21 is a dbt model. A row that withdraws (``void``) needs its key
and ``recorded_at``, and nothing else of it is looked at.
"""

import re
from collections.abc import Callable, Mapping

import polars as pl

from ingestion.judging.cell_rules import cell_checks
from ingestion.judging.checks import RuleCheck
from ingestion.judging.contract import DECIMAL, Field, Table
from ingestion.judging.readings import FILE, RAGGED, TEXT
from ingestion.seeds import load_seed

VOID = "void"
RECORDED_AT = "recorded_at"
WAIVED = "waived"

LISTED_IN = re.compile(r"(\w+)\.(\w+)(?:\[(\w+)=(\w+)])?")
"""How a field of a ledger names the seed's column that lists its values, and which of its rows do."""

IS_VOID = pl.col(VOID).fill_null(value=False)


def names_row(field: Field) -> bool:
    """Tell whether every row needs ``field``, a withdrawing one too: its key and when it was recorded."""
    return field.is_key or field.name in {VOID, RECORDED_AT}


def ledger_checks(table: Table, lacking: Mapping[str, list[str]]) -> list[RuleCheck]:
    """Give every check of a row of the ledger ``table``.

    ``lacking`` names, by field, the files that lack its column or have it twice: that is a finding of the
    file, not of each of its rows.
    """
    ragged = pl.col(RAGGED)
    cells = [
        check for field in table.fields for check in cell_checks("V20", field, unless=_exempt(field, lacking))
    ]
    cells += [_known(field, lacking) for field in table.fields if field.listed_in is not None]
    own = OWN_CHECKS.get(table.name, list)()
    nothing = pl.lit(None, pl.String)
    return [*cells, *own, RuleCheck("V20", "ragged", RAGGED, ~ragged, value=nothing, about=nothing)]


def _exempt(field: Field, lacking: Mapping[str, list[str]]) -> pl.Expr:
    exempt = pl.col(RAGGED) | pl.col(FILE).is_in(lacking.get(field.name, []))
    return exempt if names_row(field) else exempt | IS_VOID


def _known(field: Field, lacking: Mapping[str, list[str]]) -> RuleCheck:
    """Hold ``field`` to the values in the seed that its ``listed_in`` names."""
    named = LISTED_IN.fullmatch(field.listed_in or "")
    if named is None:
        raise ValueError(f"ledger_fields: {field.name} is listed in {field.listed_in!r}, not a seed's column")
    seed, column, where, value = named.groups()
    rows = load_seed(seed) if where is None else load_seed(seed).filter(pl.col(where) == value)
    known = rows[column].unique(maintain_order=True).to_list()
    is_known = pl.col(field.name).cast(pl.String).is_in(known) | _exempt(field, lacking)
    return RuleCheck("V20", "not_listed", field.name, is_known, {"listed": pl.lit("、".join(known))})


def _expert_scores() -> list[RuleCheck]:
    points = _looked_up("dimension", "dimensions", "dimension", "points").cast(DECIMAL)
    score = pl.col("score")
    within = (score >= 0) & (score <= points)
    details = {"points": points.cast(pl.Int64), "dimension": pl.col("dimension")}
    return [RuleCheck("V20", "score_out_of_range", "score", within | _untold(), details)]


def _provincial_statistics() -> list[RuleCheck]:
    needed = _looked_up("indicator", "statistic_indicators", "indicator", "currency")
    stated = _looked_up("unit", "statistic_units", "unit", "currency")
    details = {"currency": needed, "indicator": pl.col("indicator")}
    return [RuleCheck("V20", "wrong_currency", "unit", (needed == stated) | _untold(), details)]


def _dispositions() -> list[RuleCheck]:
    waived = pl.col("disposition") == WAIVED
    approver, officer = pl.col("approver"), pl.col("officer")
    return [
        RuleCheck(
            "V21", "no_approver", "approver", ~waived | pl.col("approver" + TEXT).is_not_null() | _untold()
        ),
        RuleCheck(
            "V21",
            "approver_is_officer",
            "approver",
            ~waived | (_name(approver) != _name(officer)) | _untold(),
            {"officer": officer},
        ),
    ]


def _name(person: pl.Expr) -> pl.Expr:
    """Give a person's name as it is compared: 张　三 and 张三 are one person."""
    return person.str.normalize("NFKC").str.replace_all(r"\s+", "")


def _untold() -> pl.Expr:
    """Tell whether what stands in a row besides its key does not count."""
    return IS_VOID | pl.col(RAGGED)


def _looked_up(column: str, seed: str, key: str, value: str) -> pl.Expr:
    rows = load_seed(seed)
    return pl.col(column).replace_strict(rows[key], rows[value], default=None, return_dtype=pl.String)


OWN_CHECKS: dict[str, Callable[[], list[RuleCheck]]] = {
    "expert_scores": _expert_scores,
    "provincial_statistics": _provincial_statistics,
    "dispositions": _dispositions,
}
"""What the rows of a ledger are held to besides their cells."""
