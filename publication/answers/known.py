"""Which findings an answer may be about: those of the current release."""

from pathlib import Path

import polars as pl

from publication.releases import current_release
from publication.tables import PARQUET


def known_failures(home: Path) -> frozenset[str] | None:
    """Give the ids of the findings of the current release below ``home``, ``None`` where there is none."""
    folder = current_release(home)
    if folder is None:
        return None
    failures = pl.read_parquet(folder / PARQUET / "quality_failures.parquet", columns=["failure_id"])
    return frozenset(failures["failure_id"])
