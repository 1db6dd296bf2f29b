"""How large the workbooks that leave may get; the numbers are rows of the seed ``workbook_limits``."""

from functools import cache

from ingestion.seeds import load_seed


@cache
def workbook_limit(name: str) -> int:
    """Give the limit ``name``; raise ``KeyError`` when the seed has none."""
    limits = dict(load_seed("workbook_limits").select("limit_name", "value").iter_rows())
    return int(limits[name])
