"""Size by the 2011 standard, against a plain statement of it (工信部联企业〔2011〕300号)."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.seeds import load_seed

METRICS = ["employees", "revenue_wan", "assets_wan"]
BOUNDS = ["large", "medium", "small"]

Bounds = dict[str, dict[str, Decimal]]
Stated = dict[str, Decimal | None]


def standard() -> dict[str, Bounds]:
    """Give every industry's lower bounds by metric."""
    industries: dict[str, Bounds] = {}
    for row in load_seed("sme_size_standard").iter_rows(named=True):
        bounds = {bound: Decimal(row[f"{bound}_lower"]) for bound in BOUNDS}
        industries.setdefault(row["industry_code"], {})[row["metric"]] = bounds
    return industries


STANDARD = standard()
AROUND = sorted(
    {bound for metrics in STANDARD.values() for bounds in metrics.values() for bound in bounds.values()}
)
values = st.sampled_from(AROUND).flatmap(lambda bound: st.sampled_from([bound - 1, bound, bound + 1]))
stated = st.fixed_dictionaries({metric: st.none() | values for metric in METRICS})


def expected_sme(bounds: Bounds | None, enterprise: Stated) -> bool | None:
    """Say true when any known metric is below its large bound; false when all are known and none is."""
    if bounds is None:
        return None
    known = {metric: enterprise[metric] for metric in bounds if enterprise[metric] is not None}
    if any(value < bounds[metric]["large"] for metric, value in known.items()):
        return True
    return False if len(known) == len(bounds) else None


def expected_grade(bounds: Bounds | None, enterprise: Stated) -> str:
    """Grade micro by any known metric below small, then unknown when one is missing, then by the rest."""
    if bounds is None:
        return "unknown"
    known = {metric: enterprise[metric] for metric in bounds if enterprise[metric] is not None}

    def below(bound: str) -> bool:
        return any(value < bounds[metric][bound] for metric, value in known.items())

    if below("small"):
        return "micro"
    if len(known) < len(bounds):
        return "unknown"
    return "small" if below("medium") else "medium" if below("large") else "large"


@pytest.fixture(scope="module")
def classify(project: Any) -> Callable[[str | None, Stated], tuple[str, bool | None]]:
    """Give a function that runs the macros over one enterprise."""
    query = project.sql("select {{ size_grade('standard_industry') }}, {{ is_sme('standard_industry') }}")
    columns = [*METRICS, *(f"{metric}_{bound}" for metric in METRICS for bound in BOUNDS)]
    typed = ", ".join(f"cast(${column} as decimal(38, 18)) as {column}" for column in columns)
    connection = duckdb.connect()

    def run(industry: str | None, enterprise: Stated) -> tuple[str, bool | None]:
        numbers: dict[str, Any] = dict(enterprise)
        for metric in METRICS:
            bounds = STANDARD.get(industry or "", {}).get(metric, {})
            numbers |= {f"{metric}_{bound}": bounds.get(bound) for bound in BOUNDS}
        texts = {name: None if number is None else str(number) for name, number in numbers.items()}
        source = f"from (select cast($industry as varchar) as standard_industry, {typed})"
        found = connection.execute(f"{query} {source}", texts | {"industry": industry}).fetchone()
        return (found[0], found[1])

    return run


@given(st.sampled_from([*STANDARD, None]), stated)
@settings(max_examples=300, deadline=None)
def test_size_is_what_the_standard_says(
    classify: Callable[..., Any], industry: str | None, enterprise: Stated
) -> None:
    bounds = STANDARD.get(industry) if industry else None

    assert classify(industry, enterprise) == (
        expected_grade(bounds, enterprise),
        expected_sme(bounds, enterprise),
    )
