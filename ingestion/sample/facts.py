"""The facts that the sample follows, all from the seeds: authorities, headers, listed values, thresholds.

Belongs here: small typed views of seeds. Does not belong here: anything invented.
"""

from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from ingestion.seeds import load_seed


@dataclass(frozen=True)
class Authority:
    """A provincial authority: its code, name, kind, region and the province its statistics come from."""

    code: str
    name_zh: str
    kind: str
    region: str
    parent_province_code: str


@dataclass(frozen=True)
class Prefecture:
    """A prefecture-level division or its equivalent."""

    code: str
    name_zh: str


@cache
def authorities_in_turn() -> tuple[Authority, ...]:
    """Give authorities so that each full turn visits every pair of kind and region once.

    A pair with several authorities gives the next of them on each turn, one with a single authority the
    same again; the turns go on until every authority has been visited.
    """
    pairs: dict[tuple[str, str], list[Authority]] = {}
    for row in load_seed("provincial_authorities").iter_rows(named=True):
        authority = Authority(
            row["authority_code"], row["name_zh"], row["kind"], row["region"], row["parent_province_code"]
        )
        pairs.setdefault((authority.kind, authority.region), []).append(authority)
    turns = max(len(members) for members in pairs.values())
    return tuple(members[turn % len(members)] for turn in range(turns) for members in pairs.values())


@cache
def prefectures_of(authority_code: str) -> tuple[Prefecture, ...]:
    """Give the divisions that belong to the authority, in the order of their codes."""
    return tuple(
        Prefecture(row["prefecture_code"], row["name_zh"])
        for row in load_seed("prefectures").sort("prefecture_code").iter_rows(named=True)
        if row["authority_code"] == authority_code
    )


@cache
def sheet_names() -> dict[str, str]:
    """Give the Chinese sheet name of each table, in the order of the workbook."""
    return dict(load_seed("workbook_sheets").select("table_name", "sheet_zh").iter_rows())


@cache
def headers(table: str) -> dict[str, str]:
    """Give the Chinese header (or cover key) of each field of ``table``, in order."""
    fields = load_seed("workbook_fields").filter(table_name=table)
    return dict(fields.select("field", "header_zh").iter_rows())


@cache
def wording(table: str, field: str) -> dict[str, str]:
    """Give the Chinese value of each code that the field allows, in order."""
    values = load_seed("workbook_values").filter(table_name=table, field=field)
    return dict(values.select("code", "value_zh").iter_rows())


@cache
def overseas_categories() -> tuple[str, ...]:
    """Give the codes of the cooperation categories that need a country."""
    values = load_seed("workbook_values").filter(table_name="cooperation", field="category", trait="overseas")
    return tuple(values["code"])


@cache
def ledger_fields() -> dict[str, tuple[str, ...]]:
    """Give the fields of every ledger, in the order of its columns."""
    fields: dict[str, list[str]] = {}
    for ledger, field in load_seed("ledger_fields").select("ledger", "field").iter_rows():
        fields.setdefault(ledger, []).append(field)
    return {ledger: tuple(names) for ledger, names in fields.items()}


@cache
def ledger_values(ledger: str, field: str) -> tuple[str, ...]:
    """Give the listed values of a ledger's field, in order."""
    return tuple(load_seed("ledger_values").filter(ledger=ledger, field=field)["value"])


@cache
def threshold(criterion_id: str) -> Decimal:
    """Give the threshold of the criterion, in its indicator's unit."""
    return Decimal(load_seed("criteria").filter(criterion_id=criterion_id)["threshold"].item())


@cache
def parameter(name: str) -> str:
    """Give the default of the parameter."""
    value: str = load_seed("parameters").filter(parameter=name)["default_value"].item()
    return value


@cache
def reading_limit(name: str) -> int:
    """Give a limit of what is read of a workbook."""
    return int(load_seed("reading_limits").filter(limit_name=name)["value"].item())


@cache
def dimension_points() -> dict[str, Decimal]:
    """Give the points of each of the five dimensions."""
    dimensions = load_seed("dimensions").filter(load_seed("dimensions")["dimension"] != "total")
    return {name: Decimal(points) for name, points in dimensions.select("dimension", "points").iter_rows()}


@cache
def minimum_score(dimension: str) -> Decimal:
    """Give the least score that suffices in a dimension that has one, or in ``total``."""
    return Decimal(load_seed("dimensions").filter(dimension=dimension)["minimum"].item())


@cache
def large_bounds(industry_prefix: str) -> dict[str, int]:
    """Give, for a GB/T 4754 prefix, the bound of each size metric from which an enterprise is large."""
    industries = load_seed("sme_size_industries").filter(gbt4754_prefix=industry_prefix)
    bounds = load_seed("sme_size_standard").join(industries, on="industry_code", how="semi")
    return {metric: int(bound) for metric, bound in bounds.select("metric", "large_lower").iter_rows()}


@cache
def countries_abroad() -> tuple[str, ...]:
    """Give the codes of countries and regions that an overseas category may name."""
    return tuple(code for code in load_seed("countries")["alpha2"] if code != "CN")


@cache
def self_reported_indicators() -> tuple[str, ...]:
    """Give the codes that the sheet of self-reported totals may name."""
    return tuple(load_seed("indicator_definitions").filter(self_reported="yes")["indicator_code"])


@cache
def statistic_factors() -> dict[str, dict[str, int]]:
    """Give, for each statistical indicator, its units and how many 10k each of them is."""
    units = load_seed("statistic_indicators").join(load_seed("statistic_units"), on="currency")
    factors: dict[str, dict[str, int]] = {}
    for indicator, unit, factor in units.select("indicator", "unit", "factor_to_10k").iter_rows():
        factors.setdefault(indicator, {})[unit] = int(factor)
    return factors
