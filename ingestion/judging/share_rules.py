"""What the rows of a roster do to the whole submission: S07 and S08.

Belongs here: rules that need the verdict on every row of the roster. Shares are compared exactly, by
cross-multiplication, never after a division.
"""

from fractions import Fraction

import polars as pl

from ingestion.judging.checks import RuleCheck, failing
from ingestion.judging.contract import DECIMAL, ROSTER, workbook_tables
from ingestion.judging.findings import findings_of
from ingestion.judging.readings import FILE
from ingestion.judging.roster_rules import REPORT_YEAR
from ingestion.judging.rule_set import SharesAllowed

ROWS_ALLOWED = "rows_allowed"
REVENUE_ALLOWED = "revenue_allowed"


def judge_shares(covers: pl.DataFrame, roster: pl.DataFrame, allowed: SharesAllowed) -> pl.DataFrame:
    """Give the findings of S07 and S08.

    ``covers`` has ``file_id`` and ``report_year`` of the files that could be opened; ``roster`` their rows
    with ``year``, ``revenue_wan`` and ``is_quarantined``. A roster that can't be read has no rows.
    """
    totals = (
        covers.select(FILE, REPORT_YEAR)
        .join(_totals(roster), on=FILE, how="left")
        .with_columns(
            pl.col("rows_read", "rows_quarantined", "valid_rows").fill_null(0),
            pl.col("revenue_stated", "revenue_quarantined").fill_null(0),
        )
    )
    totals = totals.with_columns(
        _within(totals, "rows_quarantined", "rows_read", allowed.rows).alias(ROWS_ALLOWED),
        _within(totals, "revenue_quarantined", "revenue_stated", allowed.revenue).alias(REVENUE_ALLOWED),
        sheet=pl.lit(workbook_tables()[ROSTER].title),
    )
    checks = _checks(allowed)
    return findings_of(totals, failing(totals, checks), checks)


def _totals(roster: pl.DataFrame) -> pl.DataFrame:
    """Give the counts and revenues of each file; ``valid_rows`` counts those of the report year.

    Where the report year can't be read, every valid row may be one of its rows.
    """
    quarantined = pl.col("is_quarantined")
    of_report_year = (pl.col("year") == pl.col(REPORT_YEAR)).fill_null(pl.col(REPORT_YEAR).is_null())
    stated = pl.col("revenue_wan").filter(pl.col("revenue_wan") >= 0)
    stated_in_quarantine = pl.col("revenue_wan").filter((pl.col("revenue_wan") >= 0) & quarantined)
    return roster.group_by(FILE).agg(
        rows_read=pl.len().cast(pl.Int64),
        rows_quarantined=quarantined.sum().cast(pl.Int64),
        valid_rows=(~quarantined & of_report_year).sum().cast(pl.Int64),
        revenue_stated=stated.sum().cast(DECIMAL),
        revenue_quarantined=stated_in_quarantine.sum().cast(DECIMAL),
    )


def _within(totals: pl.DataFrame, part: str, whole: str, share: Fraction) -> pl.Series:
    pairs = totals.select(part, whole).iter_rows()
    return pl.Series([Fraction(a) <= share * Fraction(b) for a, b in pairs], dtype=pl.Boolean)


def _checks(allowed: SharesAllowed) -> list[RuleCheck]:
    rows = {name: pl.col(name) for name in ("rows_read", "rows_quarantined")}
    revenue = {name: plain_decimal(pl.col(name)) for name in ("revenue_stated", "revenue_quarantined")}
    nothing = pl.lit(None, pl.String)
    return [
        RuleCheck(
            "S07",
            "no_valid_row",
            "valid_rows",
            pl.col("valid_rows") >= 1,
            details={REPORT_YEAR: pl.col(REPORT_YEAR)},
            value=nothing,
            about=pl.lit("year"),
        ),
        RuleCheck(
            "S08",
            "rows",
            ROWS_ALLOWED,
            pl.col(ROWS_ALLOWED),
            details={**rows, "limit": pl.lit(allowed.rows_text)},
            value=pl.concat_str(rows["rows_quarantined"], rows["rows_read"], separator="/"),
            about=nothing,
        ),
        RuleCheck(
            "S08",
            "revenue",
            REVENUE_ALLOWED,
            pl.col(REVENUE_ALLOWED),
            details={**revenue, "limit": pl.lit(allowed.revenue_text)},
            value=pl.concat_str(revenue["revenue_quarantined"], revenue["revenue_stated"], separator="/"),
            about=pl.lit("revenue_wan"),
        ),
    ]


def plain_decimal(value: pl.Expr) -> pl.Expr:
    """Give a decimal as text without the zeros that end it."""
    return value.cast(pl.String).str.strip_chars_end("0").str.strip_suffix(".")
