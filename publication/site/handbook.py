"""The handbook of the marts: what a row is, every column, its unit, its listed values, an example query.

Made from the contract alone (``publication.mart_contracts``); a mart stands in it when the release has it.
"""

from ingestion.seeds import load_seed
from publication.mart_contracts import mart_contracts
from publication.site.marts import Marts
from publication.site.pages import Pages


def write(pages: Pages, marts: Marts) -> None:
    """Write the handbook, one page in each language."""
    listed = [mart for mart in mart_contracts() if mart.name in marts.names]
    pages.write(
        "index",
        "handbook.html.j2",
        marts=listed,
        names={mart.name for mart in listed},
        metrics=load_seed("metric_definitions").rows(named=True) if marts.has("metrics") else [],
    )
