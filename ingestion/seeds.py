"""The one loader of the facts in ``dbt_project/seeds``: dbt seeds them, Python reads them here."""

from functools import cache
from pathlib import Path

import polars as pl

SEEDS = Path(__file__).resolve().parent.parent / "dbt_project" / "seeds"


@cache
def seed_path(name: str) -> Path:
    """Give the file of the seed ``name``; raise ``FileNotFoundError`` unless exactly one folder holds it."""
    found = sorted(SEEDS.glob(f"*/{name}.csv"))
    if len(found) != 1:
        raise FileNotFoundError(f"seed {name!r}: expected one file under {SEEDS}, found {len(found)}")
    return found[0]


@cache
def load_seed(name: str) -> pl.DataFrame:
    """Give the seed ``name`` with every column as text; empty cells are null."""
    return pl.read_csv(seed_path(name), infer_schema=False, null_values=[""])
