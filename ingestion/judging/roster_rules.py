"""The V rules of the roster (企业名录): V01 to V09, each in one function that gives its checks.

Belongs here: what a row of the roster is held to. The frame that the checks see has, besides the roster's
values and texts, ``submission_type`` and ``report_year`` of the cover. Does not belong here: what a share of
quarantined rows does to the submission (``file_rules``).
"""

import polars as pl

from ingestion.judging.cell_rules import cell_checks, listed_texts
from ingestion.judging.checks import RuleCheck
from ingestion.judging.contract import COVER, DECIMAL, ROSTER, Field, limits, workbook_tables
from ingestion.judging.credit_codes import is_checked, is_well_formed
from ingestion.judging.readings import FILE, TEXT
from ingestion.judging.values import is_error, shown
from ingestion.seeds import load_seed

SUBMISSION_TYPE = "submission_type"
REPORT_YEAR = "report_year"

WELL_FORMED_INDUSTRY = r"^[A-Z][0-9]{2,4}$"


def roster_checks() -> list[RuleCheck]:
    """Give every check of a roster row."""
    return [*_v01(), *_v02(), *_v03(), *_v04_and_v05(), *_v06(), *_v07(), *_v08(), *_v09()]


def _v01() -> list[RuleCheck]:
    code = pl.col("uscc")
    return [
        RuleCheck("V01", "malformed", "uscc", is_well_formed(code)),
        RuleCheck("V01", "check_character", "uscc", is_checked(code)),
    ]


def _v02() -> list[RuleCheck]:
    stated = pl.col("uscc").is_not_null() & pl.col("year").is_not_null()
    # All the duplicates fail, so that counted among what failed there are as many.
    times = pl.len().over(FILE, "uscc", "year")
    details = {"year": pl.col("year"), "times": times}
    return [RuleCheck("V02", "repeated", "uscc", (times == 1) | ~stated, details)]


def _v03() -> list[RuleCheck]:
    return [check for field in workbook_tables()[ROSTER].fields for check in cell_checks("V03", field)]


def _v04_and_v05() -> list[RuleCheck]:
    """Bounds: what only must not be negative is V04, what has both ends is V05."""
    return [
        bounds_check("V05" if field.maximum is not None else "V04", field)
        for field in workbook_tables()[ROSTER].fields
        if field.minimum is not None
    ]


def bounds_check(rule_id: str, field: Field) -> RuleCheck:
    """Give the check of the bounds that the contract sets to ``field``, both included."""
    value, minimum = pl.col(field.name), pl.lit(field.minimum).cast(DECIMAL).cast(field.stored_type)
    if field.maximum is None:
        return RuleCheck(
            rule_id, "below_minimum", field.name, value >= minimum, {"minimum": pl.lit(field.minimum)}
        )
    maximum = pl.lit(field.maximum).cast(DECIMAL).cast(field.stored_type)
    details = {"minimum": pl.lit(field.minimum), "maximum": pl.lit(field.maximum)}
    return RuleCheck(rule_id, "out_of_range", field.name, (value >= minimum) & (value <= maximum), details)


def _v06() -> list[RuleCheck]:
    ownership = workbook_tables()[ROSTER].field("ownership")
    share, zero = pl.col("foreign_share_pct"), pl.lit(0).cast(DECIMAL)
    domestic = pl.col("ownership").is_in(ownership.texts_with("no_foreign_share"))
    foreign = pl.col("ownership").is_in(ownership.texts_with("foreign_share"))
    details = {"ownership": pl.col("ownership" + TEXT)}
    return [
        RuleCheck("V06", "domestic_with_share", "foreign_share_pct", ~domestic | (share == zero), details),
        RuleCheck("V06", "foreign_without_share", "foreign_share_pct", ~foreign | (share > zero), details),
    ]


def _v07() -> list[RuleCheck]:
    code = pl.col("industry_code")
    well_formed = code.str.contains(WELL_FORMED_INDUSTRY)
    known = code.str.slice(0, 3).is_in(_divisions())
    return [
        RuleCheck("V07", "malformed", "industry_code", well_formed),
        RuleCheck("V07", "unknown_division", "industry_code", known | ~well_formed),
    ]


def _divisions() -> list[str]:
    """Give every section letter followed by a division of that section, such as C13."""
    ranges = load_seed("industry_divisions").select("section", "first_division", "last_division").iter_rows()
    return [
        f"{section}{number:02}"
        for section, first, last in ranges
        for number in range(int(first), int(last) + 1)
    ]


def _v08() -> list[RuleCheck]:
    submission_type = workbook_tables()[COVER].field(SUBMISSION_TYPE)
    one_year = pl.col(SUBMISSION_TYPE).is_in(submission_type.texts_with("report_year_only"))
    year, last = pl.col("year"), pl.col(REPORT_YEAR)
    first = last - limits()["years_before_report_year"]
    return [
        RuleCheck("V08", "not_report_year", "year", ~one_year | (year == last), {REPORT_YEAR: last}),
        RuleCheck(
            "V08",
            "outside_years",
            "year",
            one_year | ((year >= first) & (year <= last)),
            {REPORT_YEAR: last, "first_year": first},
        ),
    ]


def _v09() -> list[RuleCheck]:
    field = workbook_tables()[ROSTER].field("quality_tiers")
    text = pl.col(field.name + TEXT)
    known = pl.col(field.name).is_not_null() | is_error(text)
    return [
        RuleCheck(
            "V09",
            "unknown_tier",
            field.name,
            known | text.is_null(),
            {"listed": listed_texts(field)},
            shown(text),
        )
    ]
