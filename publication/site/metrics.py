"""The mart ``metrics`` as pages take it: every figure by what it is told by, and the key figures in all."""

from collections.abc import Sequence
from decimal import Decimal

from ingestion.seeds import load_seed
from publication.site.marts import Marts, Row

Figures = dict[tuple[str, str], dict[str, Decimal | None]]
"""By dimension and member: the values by metric."""

IN_ALL = ("all", "all")

VALUES = "select dimension, member, metric_code, value from metrics"

KEY_FIGURES = """
select metric_code, metric_name_zh, metric_name_en, numerator, denominator, value, unit
from metrics
where dimension = 'all'
"""

CRITERIA = """
select
    member as criterion_id,
    max(numerator) filter (metric_code = 'criterion_met_share') as met,
    max(numerator) filter (metric_code = 'criterion_not_met_share') as not_met,
    max(numerator) filter (metric_code = 'criterion_unknown_share') as unknown,
    max(denominator) as assessed,
    max(value) filter (metric_code = 'criterion_met_share') as met_share
from metrics
where dimension = 'criterion'
group by member
order by member
"""


def figures_of(marts: Marts) -> Figures:
    """Give the values of all metrics; none before the mart ``metrics`` is there."""
    figures: Figures = {}
    for row in marts.rows(VALUES) if marts.has("metrics") else ():
        figures.setdefault((row["dimension"], row["member"]), {})[row["metric_code"]] = row["value"]
    return figures


def told_by(figures: Figures, dimension: str, member: str, metrics: Sequence[str]) -> Row:
    """Give the values of ``metrics`` for one member; ``None`` where the mart tells none."""
    return dict.fromkeys(metrics) | figures.get((dimension, member), {})


def key_figures(marts: Marts) -> list[Row]:
    """Give a row a metric that is told in all, with its definition and article, as the seed orders them."""
    if not marts.has("metrics"):
        return []
    told = {row["metric_code"]: row for row in marts.rows(KEY_FIGURES)}
    return [
        told[definition["metric_code"]] | definition
        for definition in load_seed("metric_definitions").iter_rows(named=True)
        if definition["metric_code"] in told
    ]


def criteria_met(marts: Marts) -> list[Row]:
    """Give a row a criterion: how many annual reports meet it, do not, cannot be told, and are assessed."""
    return marts.rows(CRITERIA) if marts.has("metrics") else []
