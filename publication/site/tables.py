"""Tables that are read as they stand: rows of a mart with the names of their zones, bounded."""

from dataclasses import dataclass

from publication.site.marts import Marts, Row

LISTED = 2000
"""How many rows one table of a page holds; the mart's Parquet file has them all."""


@dataclass(frozen=True)
class Table:
    """The first rows of a mart, and how many there are."""

    mart: str
    rows: list[Row]
    in_all: int

    @property
    def is_cut(self) -> bool:
        """Say whether the page shows fewer rows than there are."""
        return self.in_all > len(self.rows)


def zone_table(marts: Marts, mart: str, order: str, where: str = "true") -> Table:
    """Give the rows of ``mart`` that fulfil ``where``, in ``order``, with the zone's name and authority."""
    rows = marts.rows(
        f"select {mart}.*, zones.zone_name, zones.authority_code as zone_authority_code, zones.authority_name"  # noqa: S608 - names of this package
        f" from {mart} left join zones using (zone_id) where {where} order by {order} limit {LISTED}"
    )
    in_all = marts.rows(f"select count(*) as n from {mart} where {where}")[0]["n"]  # noqa: S608 - likewise
    return Table(mart, rows, in_all)
