"""The V rules of the sheets besides the roster: V10, V11 and V12.

Belongs here: what a row of 自报指标, 合作与平台, 服务活动, 规划目标 and 文件清单 is held to. The frame that
the checks see has, besides the sheet's values and texts, ``report_year`` of the cover.
"""

from collections.abc import Callable

import polars as pl

from ingestion.judging.cell_rules import cell_checks
from ingestion.judging.checks import RuleCheck
from ingestion.judging.contract import ROSTER, Table, limits, workbook_tables
from ingestion.judging.readings import TEXT
from ingestion.judging.roster_rules import REPORT_YEAR, bounds_check, roster_checks
from ingestion.judging.values import shown
from ingestion.seeds import load_seed

HOME_COUNTRY = "CN"


def row_checks(table: Table) -> list[RuleCheck]:
    """Give every check of a row of ``table``."""
    if table.name == ROSTER:
        return roster_checks()
    cells = [check for field in table.fields for check in cell_checks("V10", field)]
    bounds = [bounds_check("V10", field) for field in table.fields if field.minimum is not None]
    return [*cells, *bounds, *OWN_CHECKS[table.name]()]


def _self_reported() -> list[RuleCheck]:
    codes = load_seed("indicator_definitions").filter(self_reported="yes")["indicator_code"]
    known = pl.col("indicator_code").is_in(codes.to_list())
    return [RuleCheck("V10", "not_self_reported", "indicator_code", known)]


def _activities() -> list[RuleCheck]:
    within = pl.col("held_on").dt.year() == pl.col(REPORT_YEAR)
    return [RuleCheck("V10", "outside_report_year", "held_on", within, {REPORT_YEAR: pl.col(REPORT_YEAR)})]


def _plan_targets() -> list[RuleCheck]:
    codes = load_seed("indicator_definitions").filter(pl.col("unit") != "boolean")["indicator_code"]
    numeric = pl.col("indicator_code").is_in(codes.to_list())
    first = pl.col("plan_from")
    last = first + limits()["plan_years_after_start"]
    within = (pl.col("plan_to") >= first) & (pl.col("plan_to") <= last)
    return [
        RuleCheck("V10", "not_numeric", "indicator_code", numeric),
        RuleCheck("V10", "outside_plan", "plan_to", within, {"first_year": first, "last_year": last}),
    ]


def _cooperation() -> list[RuleCheck]:
    return [*_v11(), *_v12()]


def _v11() -> list[RuleCheck]:
    established_on = pl.col("established_on")
    in_order = pl.col("ended_on") >= established_on
    return [
        RuleCheck("V11", "ended_before_established", "ended_on", in_order, {"established_on": established_on})
    ]


def _v12() -> list[RuleCheck]:
    category = workbook_tables()["cooperation"].field("category")
    overseas = pl.col("category").is_in(category.texts_with("overseas"))
    abroad = load_seed("countries").filter(pl.col("alpha2") != HOME_COUNTRY)["alpha2"]
    text, country = pl.col("country" + TEXT), pl.col("country")
    details = {"category": pl.col("category" + TEXT)}
    return [
        RuleCheck("V12", "no_country", "country", ~overseas | text.is_not_null(), details),
        RuleCheck(
            "V12",
            "not_overseas",
            "country",
            ~overseas | country.is_in(abroad.to_list()),
            details,
            shown(text),
        ),
    ]


def _documents() -> list[RuleCheck]:
    return []


OWN_CHECKS: dict[str, Callable[[], list[RuleCheck]]] = {
    "self_reported": _self_reported,
    "cooperation": _cooperation,
    "activities": _activities,
    "plan_targets": _plan_targets,
    "documents": _documents,
}
"""What a sheet is held to besides its cells; a sheet that is not named here is a defect."""
