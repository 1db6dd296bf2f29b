"""The provinces' invented statistics, and the three-year ratios that zones lead or trail."""

from datetime import date
from fractions import Fraction
from functools import cache

from ingestion.sample.facts import authorities_in_turn, statistic_factors
from ingestion.sample.stories import LAST_REPORT_YEAR

FIRST_YEAR = 2017
"""Three years before the oldest report of any story."""

THREE_YEAR_RATIOS = (Fraction(5, 4), Fraction(6, 5), Fraction(13, 10), Fraction(4, 5))
WITHIN_THREE_YEARS = (Fraction(100, 100), Fraction(104, 100), Fraction(107, 100))


@cache
def provinces() -> tuple[str, ...]:
    """Give the codes of the provinces whose statistics are compared, sorted."""
    return tuple(sorted({authority.parent_province_code for authority in authorities_in_turn()}))


def three_year_ratio(province: str, indicator: str) -> Fraction:
    """Give the province's ratio of any year over the third year before, the same for all years."""
    indicators = list(statistic_factors())
    turn = provinces().index(province) + indicators.index(indicator)
    return THREE_YEAR_RATIOS[turn % len(THREE_YEAR_RATIOS)]


def level_in_10k(province: str, indicator: str, year: int) -> Fraction:
    """Give the province's level of the year in units of 10k (CNY or USD)."""
    base = (20 + 17 * (provinces().index(province) % 9)) * 10**6
    indicators = list(statistic_factors())
    spans, rest = divmod(year - FIRST_YEAR, len(WITHIN_THREE_YEARS))
    growth = three_year_ratio(province, indicator) ** spans * WITHIN_THREE_YEARS[rest]
    return base * growth / (1 + 19 * indicators.index(indicator))


def statistic_rows(year: int) -> list[dict[str, str]]:
    """Give the ledger rows of ``provincial_statistics`` of the year, in the two units in turn."""
    published = date(year + 1, 2, 26)
    rows = []
    for number, province in enumerate(provinces()):
        for indicator, factors in statistic_factors().items():
            unit, factor = list(factors.items())[(number + year) % len(factors)]
            rows.append(
                {
                    "region_code": province,
                    "year": str(year),
                    "indicator": indicator,
                    "value": decimal_text(level_in_10k(province, indicator, year) / factor),
                    "unit": unit,
                    "published_on": published.isoformat(),
                    "source": "样例统计（虚构）",
                    "recorded_at": f"{published.isoformat()}T09:00:00+08:00",
                }
            )
    return rows


def statistic_years() -> range:
    """Give the years that the sample's comparisons need."""
    return range(FIRST_YEAR, LAST_REPORT_YEAR + 1)


def decimal_text(value: Fraction) -> str:
    """Give ``value`` as a plain decimal, exact when it has at most 12 decimals."""
    scaled = round(value * 10**12)
    whole, rest = divmod(scaled, 10**12)
    return f"{whole}.{rest:012d}".rstrip("0").rstrip(".")
