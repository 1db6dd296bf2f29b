"""A site made of rows by hand: the marts have the columns of their contracts, the rows a few of them."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import polars as pl
import pytest
import yaml

from publication.manifest import Manifest
from publication.site import write_site

CONTRACTS = Path(__file__).resolve().parents[3] / "dbt_project" / "models" / "marts"
TWO_ZONES = Path(__file__).with_name("two_zones.yml")
MOMENT = datetime(2026, 6, 30, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))

Rows = Sequence[Mapping[str, Any]]


class Page(HTMLParser):
    """A page as a browser takes it: its elements, its links and its text."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.html = path.read_text(encoding="utf-8")
        self.feed(self.html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the element."""
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        """Keep the text."""
        self.words.append(data)

    @property
    def text(self) -> str:
        """Give all text, white space folded."""
        return " ".join(" ".join(self.words).split())

    def count(self, tag: str) -> int:
        """Give the number of elements of the name."""
        return sum(1 for name, _ in self.elements if name == tag)

    @property
    def ids(self) -> list[str]:
        """Give the ids of the page's elements."""
        return [attrs["id"] or "" for _, attrs in self.elements if "id" in attrs]

    @property
    def links(self) -> list[str]:
        """Give everything that the page leads to or loads."""
        return [
            value
            for _, attrs in self.elements
            for name, value in attrs.items()
            if name in {"href", "src"} and value
        ]


def _columns(mart: str) -> list[tuple[str, str]]:
    contract = yaml.safe_load((CONTRACTS / f"{mart}.yml").read_text(encoding="utf-8"))
    return [(column["name"], column["data_type"]) for column in contract["models"][0]["columns"]]


def marts_by_contract(path: Path, rows: Mapping[str, Rows], *, without: Sequence[str] = ()) -> None:
    """Write a database whose schema ``marts`` has every mart but ``without``; unstated columns are null."""
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema marts")
        for contract in sorted(CONTRACTS.glob("*.yml")):
            mart = contract.stem
            if mart in without:
                continue
            columns = _columns(mart)
            told = ", ".join(f'"{name}" {data_type}' for name, data_type in columns)
            connection.execute(f"create table marts.{mart} ({told})")
            for row in rows.get(mart, ()):
                assert row.keys() <= {name for name, _ in columns}, (mart, row)
                names = ", ".join(f'"{name}"' for name in row)
                marks = ", ".join("?" * len(row))
                connection.execute(f"insert into marts.{mart} ({names}) values ({marks})", list(row.values()))


def facts(release_id: int = 7) -> Manifest:
    """Give what a release says of itself."""
    return Manifest(
        release_id=release_id,
        replaces=None,
        as_of=MOMENT,
        started_at=MOMENT,
        finished_at=MOMENT,
        code_version="0.1.0",
        rules_version="rules-1",
        parameters={},
        inputs=[],
        row_counts={"quality_failures": 1},
        files=[],
    )


@pytest.fixture(scope="session")
def read_page() -> type[Page]:
    """Give the reader of pages."""
    return Page


@pytest.fixture(scope="session")
def make_site(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Give a maker of sites: of rows by mart, without some marts, with a change of the database before."""

    def make(
        rows: Mapping[str, Rows] | None = None,
        *,
        without: Sequence[str] = (),
        before: Callable[[Path], None] | None = None,
        earlier: Sequence[Path] = (),
    ) -> Path:
        folder = tmp_path_factory.mktemp("release")
        database = folder / "coopzones.duckdb"
        marts_by_contract(database, rows or {}, without=without)
        if before:
            before(database)
        night = tmp_path_factory.mktemp("night")
        pl.DataFrame(
            {
                "ledger": ["receipts"],
                "ledger_file": ["ledgers/receipts.csv"],
                "rows_read": [5],
                "rows_accepted": [5],
                "rows_quarantined": [0],
                "rows_later": [0],
            }
        ).write_parquet(night / "ledger_counts.parquet")
        write_site(facts(), folder, night, earlier)
        return folder / "site"

    return make


@pytest.fixture(scope="session")
def two_zones() -> dict[str, list[dict[str, Any]]]:
    """Give the rows of a zone that reported and of one that did not."""
    rows: dict[str, list[dict[str, Any]]] = yaml.safe_load(TWO_ZONES.read_text(encoding="utf-8"))
    return rows


@pytest.fixture(scope="session")
def site_of_two_zones(make_site: Callable[..., Path], two_zones: dict[str, list[dict[str, Any]]]) -> Path:
    """Give the site of a zone that reported and of one that did not."""
    return make_site(two_zones)
