"""The outsiders' contract: marts.csv, the dbt YAML and every shelf say the same names, types and comments.

A shelf is a place that a release's marts are read from. Each gives a listing: a row a column, in order, (mart,
column, type, comment), and a row a mart with no column and no type. A further shelf is one more entry of SHELVES.
"""

import csv
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ingestion.seeds import load_seed
from publication.mart_contracts import TYPES, mart_contracts
from publication.tables import copy_marts

MARTS_CSV = Path(__file__).resolve().parents[1] / "contract" / "marts.csv"
VALUES_ALONE = re.compile(r"\w+( / \w+)+")


class Told(NamedTuple):
    """What a shelf says of a mart (no column, no type) or of a column."""

    mart: str
    column: str | None
    type: str | None
    comment: str | None


def outsiders_columns() -> dict[str, list[tuple[str, str]]]:
    """Give the columns and types that outsiders were promised, by mart and in order."""
    promised: dict[str, list[tuple[str, str]]] = {}
    for row in outsiders_rows():
        promised.setdefault(row["mart"], []).append((row["column"], row["type"]))
    return promised


def outsiders_rows() -> list[dict[str, str]]:
    """Give the rows of the outsiders' table."""
    with MARTS_CSV.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def contract_listing() -> list[Told]:
    """Give what the dbt YAML says."""
    listing = []
    for mart in mart_contracts():
        listing.append(Told(mart.name, None, None, mart.told.comment))
        listing += [Told(mart.name, each.name, each.type, each.told.comment) for each in mart.columns]
    return listing


def duckdb_listing(release: Path) -> list[Told]:
    """Give what the release's database says."""
    with duckdb.connect(str(release / "coopzones.duckdb"), read_only=True) as connection:
        tables = connection.execute(
            "select table_name, comment from duckdb_tables() where schema_name = 'marts'"
        ).fetchall()
        columns = connection.execute(
            "select table_name, column_name, data_type, comment from duckdb_columns()"
            " where schema_name = 'marts' order by table_name, column_index"
        ).fetchall()
    return [Told(mart, None, None, comment) for mart, comment in tables] + [
        Told(mart, column, TYPES[data_type.lower().split("(")[0]], comment)
        for mart, column, data_type, comment in columns
    ]


def parquet_listing(release: Path) -> list[Told]:
    """Give what the Parquet files say to whoever reads them with Arrow."""
    listing = []
    for path in (release / "parquet").glob("*.parquet"):
        schema = pq.read_schema(path)
        listing.append(Told(path.stem, None, None, _comment(schema.metadata)))
        listing += [Told(path.stem, each.name, _type(each.type), _comment(each.metadata)) for each in schema]
    return listing


def _comment(metadata: dict[bytes, bytes] | None) -> str | None:
    return metadata[b"comment"].decode() if metadata and b"comment" in metadata else None


def _type(arrow: pa.DataType) -> str:
    types = pa.types
    kinds = {
        "text": types.is_string,
        "integer": types.is_integer,
        "decimal": types.is_decimal,
        "date": types.is_date,
        "timestamp": types.is_timestamp,
        "boolean": types.is_boolean,
    }
    return next(kind for kind, is_kind in kinds.items() if is_kind(arrow))


def manifest_listing(manifest: Any) -> list[Told]:
    """Give what dbt's manifest says."""
    listing = []
    for node in manifest.nodes.values():
        if node.resource_type == "model" and node.schema == "marts":
            listing.append(Told(node.name, None, None, node.description))
            listing += [
                Told(node.name, each.name, TYPES[each.data_type.split("(")[0]], each.description)
                for each in node.columns.values()
            ]
    return listing


SHELVES: dict[str, Callable[[Path], list[Told]]] = {
    "DuckDB file": duckdb_listing,
    "Parquet files": parquet_listing,
}
"""Every place that a release's marts are read from, by name: the release's folder to its listing."""


def by_mart(listing: Iterable[Told]) -> dict[str, list[Told]]:
    """Give a listing by mart: the mart itself first, then its columns in order."""
    marts: dict[str, list[Told]] = {}
    for told in listing:
        marts.setdefault(told.mart, []).append(told)
    return {mart: sorted(rows, key=lambda told: told.column is not None) for mart, rows in marts.items()}


@pytest.fixture(scope="module")
def release(project: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with the marts of the built project as a release leaves them."""
    folder: Path = tmp_path_factory.mktemp("release")
    copy_marts(project.warehouse, folder)
    return folder


@pytest.mark.parametrize("shelf", SHELVES)
def test_a_shelf_says_what_the_contract_says_and_nothing_else(shelf: str, release: Path) -> None:
    assert by_mart(SHELVES[shelf](release)) == by_mart(contract_listing())


def test_the_manifest_says_what_the_contract_says_and_nothing_else(project: Any) -> None:
    assert by_mart(manifest_listing(project.manifest)) == by_mart(contract_listing())


def test_the_contract_has_every_mart_column_and_type_that_outsiders_were_promised_and_no_more() -> None:
    within = [mart for mart in mart_contracts() if not mart.is_beyond_the_contract]
    stated = {mart.name: [(column.name, column.type) for column in mart.columns] for mart in within}
    assert stated == outsiders_columns()


def test_a_mart_beyond_the_contract_says_so() -> None:
    beyond = {mart.name for mart in mart_contracts() if mart.is_beyond_the_contract}
    assert beyond == {mart.name for mart in mart_contracts()} - outsiders_columns().keys()


def test_a_mart_has_the_grain_that_outsiders_were_promised() -> None:
    promised = {row["mart"]: tuple(row["grain"].split("; ")) for row in outsiders_rows() if row["grain"]}
    keys = {mart.name: mart.key for mart in mart_contracts() if not mart.is_beyond_the_contract}
    assert keys == promised


def test_listed_values_are_those_that_outsiders_were_promised() -> None:
    allowed = {
        (mart.name, column.name): set(column.allowed) for mart in mart_contracts() for column in mart.columns
    }
    promised = {
        (row["mart"], row["column"]): set(row["meaning"].split(" / "))
        for row in outsiders_rows()
        if VALUES_ALONE.fullmatch(row["meaning"])
    }
    assert len(promised) > 10
    assert {place: allowed[place] for place in promised} == promised


def test_every_number_and_moment_has_a_unit_that_is_worded() -> None:
    units = set(load_seed("messages").filter(kind="unit")["code"])
    told = {
        f"{mart.name}.{column.name}": column.unit
        for mart in mart_contracts()
        for column in mart.columns
        if column.type in {"integer", "decimal", "timestamp"}
    }
    assert {name: unit for name, unit in told.items() if unit not in units} == {}
