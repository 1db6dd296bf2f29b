"""The grounds of Article 11: which zones show one, which may, each with its evidence."""

from ingestion.seeds import load_seed
from publication.site.charts.drawing import Charts
from publication.site.marts import Marts, grouped
from publication.site.pages import Pages
from publication.site.tables import LISTED, Table, zone_table

GRID = """
select zone_id, any_value(zone_name) as zone_name,
    count(*) filter (state = 'grounds') as grounds, count(*) filter (state = 'at_risk') as at_risk
from revocation_triggers left join zones using (zone_id)
group by zone_id
order by grounds desc, at_risk desc, zone_id
"""


def write(pages: Pages, marts: Marts, charts: Charts) -> None:  # noqa: ARG001 - every page's writer is called alike
    """Write the page on Article 11: a zone a row and a clause a column, then every flag with its evidence."""
    zones = marts.rows(GRID)
    states = marts.rows("select zone_id, clause, state from revocation_triggers order by zone_id, clause")
    flags = zone_table(
        marts,
        "revocation_triggers",
        "state <> 'grounds', revocation_triggers.zone_id, clause",
        "state <> 'clear'",
    )
    pages.write(
        "article_11",
        "article_11.html.j2",
        zones=Table("revocation_triggers", zones[:LISTED], len(zones)),
        states=grouped(states, "zone_id"),
        flags=flags,
        clauses=[int(clause) for clause in load_seed("revocation_grounds")["clause"]],
    )
