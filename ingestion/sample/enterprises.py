"""The invented enterprises of a zone and what the roster says of them, year by year.

Totals come first: a zone-year's totals follow from the zone's character, to the last digit, and are then
allotted to the enterprises by weight. Money is counted in hundredths of 10k until it is written.
"""

from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from random import Random

from ingestion.sample.facts import large_bounds, threshold, wording
from ingestion.sample.statistics import three_year_ratio
from ingestion.sample.zones import Zone
from ingestion.uscc import check_character

HUNDREDTHS = 100
SMALL_INDUSTRIES = (
    "C3424",
    "C3670",
    "C2710",
    "C39",
    "I6513",
    "M7320",
    "F5171",
    "H621",
    "C3052",
    "E47",
    "L7212",
)
LARGE_INDUSTRIES = ("C3612", "C2651", "C3921")
LARGE_BY_EMPLOYEES_ALONE = ("M7310", "N7721", "R8790")
UNSIZED_INDUSTRIES = ("J6620", "P8391")
SIZED_PREFIX = {code: code[:1] for code in (*SMALL_INDUSTRIES, *LARGE_INDUSTRIES)} | {
    "I6513": "I65",
    "F5171": "F51",
    "H621": "H62",
}
LONGEST_STORY = 5
"""No story goes further back from its main year."""

FUNDED = ("foreign", "joint_venture", "hmt")
"""Ownerships that count as foreign-funded."""

Row = dict[str, object]


@dataclass
class Enterprise:
    """One invented enterprise: what stays, and its weights in the totals of its zone."""

    uscc: str
    name: str
    industry_code: str
    group: str
    employees: int
    weight: int
    ownership: str = "domestic"
    foreign_share_pct: float | None = None
    tiers: tuple[str, ...] = ()
    is_served: bool = True
    states_exports: bool = True
    weights: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Totals:
    """The totals of a zone and year; money in hundredths of 10k."""

    revenue: int
    sme_revenue: int
    export: int
    fdi: int
    sme_rd: int
    patents: int
    international_patents: int


def sme_count(zone: Zone, enterprises: int) -> int:
    """Give how many of the zone's enterprises are SMEs by the size standard."""
    share = zone.character.sme_share
    wanted = enterprises * (Fraction(threshold("G05")) if share is None else share)
    return min(enterprises, -(-wanted.numerator // wanted.denominator))


def enterprise_code(zone: Zone, index: int) -> str:
    """Give the code of the zone's enterprise; the leading Y1 and YL belong to no real enterprise."""
    body = f"Y1{zone.zone_id[2:8]}YL{zone.number:03d}{index:04d}"
    return body + check_character(body)


def tiers_of(zone: Zone, index: int, smes: int) -> tuple[str, ...]:
    """Give the quality tiers of the zone's enterprise ``index``, of which the first ``smes`` are SMEs."""
    character = zone.character
    giants = int(threshold("C02a")) + character.giants
    specialised = int(threshold("C02b")) + character.specialised
    technology = int(threshold("C02c")) + character.technology
    if index == smes and character.giants > 0:
        return ("champion",)
    if index >= smes:
        return ()
    if index < giants:
        return ("little_giant", "specialised")
    if index < specialised:
        return ("specialised",)
    return (("technology", "innovative")[index % 2],) if index < technology else ()


@lru_cache(maxsize=4)
def make_enterprises(zone: Zone, count: int, seed: int) -> tuple[Enterprise, ...]:
    """Give the zone's enterprises: SMEs first, then those of no known size, then large ones."""
    rng = Random(f"{seed}|{zone.zone_id}|enterprises")  # noqa: S311 - invented data
    smes = sme_count(zone, count)
    unsized = min(zone.character.unsized, count - smes)
    funded = min(count, int(threshold("O01")) + zone.character.foreign_funded)
    average_large = _others_revenue(zone, smes, count) // max(1, count - smes)
    made = []
    for index in range(count):
        group = "sme" if index < smes else "unsized" if index < smes + unsized else "large"
        enterprise = _enterprise(zone, index, group, average_large, rng)
        enterprise.tiers = tiers_of(zone, index, smes)
        if index >= count - funded:
            enterprise.ownership = FUNDED[index % len(FUNDED)]
            enterprise.foreign_share_pct = (100, 45.5, 60)[index % len(FUNDED)]
        elif index % 5 == 0:
            enterprise.foreign_share_pct = 0
        enterprise.is_served = index >= zone.character.unserved
        enterprise.states_exports = index >= zone.character.blank_exports
        made.append(enterprise)
    return tuple(made)


def _others_revenue(zone: Zone, smes: int, count: int) -> int:
    """Give the revenue (10k CNY) of all but the SMEs in the leanest year of any story."""
    totals = zone_totals(zone, zone.main_year - LONGEST_STORY)
    return (totals.revenue - totals.sme_revenue) // HUNDREDTHS if smes < count else 0


def _enterprise(zone: Zone, index: int, group: str, average_large: int, rng: Random) -> Enterprise:
    """Make an enterprise of the group, its industry such that the size standard puts it there."""
    code = enterprise_code(zone, index)
    name = f"样例{zone.number + 1:03d}区第{index + 1:04d}号有限公司"
    if group == "sme":
        industry = SMALL_INDUSTRIES[rng.randrange(len(SMALL_INDUSTRIES))]
        bounds = large_bounds(SIZED_PREFIX[industry])
        employees = rng.randrange(12, min(bounds.get("employees", 300), 280))
        weight = rng.randrange(100, 2000)
    elif group == "unsized":
        industry = UNSIZED_INDUSTRIES[rng.randrange(len(UNSIZED_INDUSTRIES))]
        employees, weight = rng.randrange(20, 90), rng.randrange(900, 1100)
    else:
        bounds = large_bounds(LARGE_INDUSTRIES[0][:1])
        is_heavy = average_large * 4 // 5 >= bounds["revenue_wan"]
        choice = LARGE_INDUSTRIES if is_heavy else LARGE_BY_EMPLOYEES_ALONE
        industry = choice[rng.randrange(len(choice))]
        employees, weight = (
            rng.randrange(bounds["employees"], 2 * bounds["employees"]),
            rng.randrange(900, 1100),
        )
    enterprise = Enterprise(code, name, industry, group, employees, weight)
    enterprise.weights = {
        "export": weight * rng.randrange(0, 20),
        "fdi": rng.randrange(1, 20),
        "research": weight * rng.randrange(5, 15),
        "patents": rng.randrange(1, 30),
        "international_patents": rng.randrange(1, 9),
    }
    return enterprise


def _along(base: int, ratio: Fraction, years_after_base: int) -> int:
    """Give the value so many years after ``base``, on the line that reaches ``base × ratio`` after three."""
    third = base * ratio
    return max(0, int(base + (int(third) - base) * Fraction(years_after_base, 3)))


def zone_totals(zone: Zone, year: int) -> Totals:
    """Give the zone's totals of the year; exact to the character in the main year and three years before."""
    character, offset = zone.character, year - zone.main_year
    main_revenue = int(
        (Fraction(threshold("G04")) * character.revenue_factor + Fraction(character.revenue_difference_wan))
        * HUNDREDTHS
    )
    revenue = main_revenue + offset * (main_revenue // 16)
    share = character.sme_revenue_share
    sme_revenue = int(revenue * (Fraction(threshold("C01")) if share is None else share))
    unit = 10**6
    province = zone.authority.parent_province_code
    return Totals(
        revenue=revenue,
        sme_revenue=sme_revenue,
        export=_along(
            main_revenue // 8 // unit * unit,
            character.lead * three_year_ratio(province, "export_cny"),
            offset + 3,
        ),
        fdi=_along(unit, character.lead * three_year_ratio(province, "fdi_usd"), offset + 3),
        sme_rd=_along(
            max(unit, main_revenue // 80 // unit * unit),
            Fraction(threshold("I01")) * character.research_growth,
            offset + 3,
        ),
        patents=_along(1000, Fraction(threshold("I04a")) * character.patent_growth, offset + 3),
        international_patents=max(
            0, int(threshold("I04b")) + character.international_patents + min(0, offset)
        ),
    )


def allot(total: int, weights: list[int]) -> list[int]:
    """Give ``total`` shared out by weight in whole units; what is left over goes to the heaviest."""
    whole = sum(weights)
    if not whole:
        return [0] * len(weights)
    parts = [total * weight // whole for weight in weights]
    parts[weights.index(max(weights))] += total - sum(parts)
    return parts


def roster_rows(zone: Zone, year: int, count: int, seed: int) -> list[Row]:
    """Give the roster of the year: one row an enterprise, field by field, values as they are written."""
    enterprises = make_enterprises(zone, count, seed)
    columns = _year_columns(enterprises, zone_totals(zone, year))
    ownerships, tiers, answers = (
        wording("roster", name) for name in ("ownership", "quality_tiers", "served")
    )
    rows: list[Row] = []
    for index, enterprise in enumerate(enterprises):
        revenue = columns["revenue"][index]
        rows.append(
            {
                "year": year,
                "uscc": enterprise.uscc,
                "enterprise_name": enterprise.name,
                "industry_code": enterprise.industry_code,
                "ownership": ownerships[enterprise.ownership],
                "foreign_share_pct": enterprise.foreign_share_pct,
                "employees": enterprise.employees + max(0, year - zone.main_year),
                "revenue_wan": revenue / HUNDREDTHS,
                "assets_wan": _assets(enterprise, revenue) / HUNDREDTHS,
                "rd_expense_wan": columns["research"][index] / HUNDREDTHS,
                "invention_patents": columns["patents"][index],
                "pct_patents": columns["international_patents"][index],
                "export_wan": columns["export"][index] / HUNDREDTHS if enterprise.states_exports else None,
                "fdi_wan_usd": columns["fdi"][index] / HUNDREDTHS,
                "quality_tiers": "；".join(tiers[tier] for tier in enterprise.tiers) or None,
                "served": answers["true" if enterprise.is_served else "false"],
            }
        )
    return rows


def _assets(enterprise: Enterprise, revenue: int) -> int:
    """Give assets (hundredths) of about the revenue, below the bound where only they make an SME."""
    assets = revenue * 6 // 5
    if enterprise.group == "sme":
        bounds = large_bounds(SIZED_PREFIX[enterprise.industry_code])
        if "employees" not in bounds and "assets_wan" in bounds:
            return min(assets, (bounds["assets_wan"] - 1) * HUNDREDTHS)
    return assets


def _year_columns(enterprises: tuple[Enterprise, ...], totals: Totals) -> dict[str, list[int]]:
    """Allot the year's totals: revenue by size group, research to SMEs, investment to foreign capital."""
    is_sme = [enterprise.group == "sme" for enterprise in enterprises]
    weights = [enterprise.weight for enterprise in enterprises]
    sme_revenue = totals.sme_revenue if not all(is_sme) else totals.revenue
    inside = allot(sme_revenue, [w if sme else 0 for w, sme in zip(weights, is_sme, strict=True)])
    outside = allot(
        totals.revenue - sme_revenue, [0 if sme else w for w, sme in zip(weights, is_sme, strict=True)]
    )

    def weighed(name: str, *, where: list[bool]) -> list[int]:
        return [
            enterprise.weights[name] if counts else 0
            for enterprise, counts in zip(enterprises, where, strict=True)
        ]

    exporting = [enterprise.states_exports for enterprise in enterprises]
    funded = [enterprise.ownership in FUNDED for enterprise in enterprises]
    everyone = [True] * len(enterprises)
    patents = weighed("patents", where=everyone)
    return {
        "revenue": [one + other for one, other in zip(inside, outside, strict=True)],
        "export": allot(totals.export, weighed("export", where=exporting)),
        "fdi": allot(totals.fdi, weighed("fdi", where=funded)),
        "research": allot(totals.sme_rd, weighed("research", where=is_sme)),
        "patents": allot(totals.patents, patents),
        "international_patents": allot(
            totals.international_patents, weighed("international_patents", where=everyone)
        ),
    }
