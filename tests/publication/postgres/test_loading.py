"""What a reader finds on the shelf: every row as in the release, keys, indexes, comments, rights."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import psycopg
import pytest
from postgres_server import Database, PostgresServer

from ingestion.seeds import load_seed
from publication.mart_contracts import mart_keys
from publication.postgres.configuration import Shelf
from publication.postgres.description import describe_shelf
from publication.postgres.errors import UnloadableMartError
from publication.postgres.shelf import Shelved, shelve_current

pytestmark = [pytest.mark.slow, pytest.mark.postgres]

# What a careless copy changes: the last digit, the sign, the microsecond, an empty text, a null, a backslash.
EXTREMES = """
create table marts.extremes (
    place integer, share decimal(38, 18), points decimal(9, 2), completion decimal(38, 9), counted bigint,
    told varchar, moment timestamp, day date, is_so boolean
);
insert into marts.extremes values
    (1, 99999999999999999999.999999999999999999, 9999999.99, 99999999999999999999999999999.999999999,
        9223372036854775807, '专精特新“小巨人”𠮷 — naïve', '9999-12-31 23:59:59.999999', '9999-12-31', true),
    (2, -0.000000000000000001, -0.01, -0.000000001, -9223372036854775808,
        '\\N' || chr(9) || 'tab' || chr(10) || 'line' || chr(13) || '"quoted" ''twice'' \\',
        '0001-01-01', '0001-01-01', false),
    (3, 0, 0, 0, 0, '', '2026-03-31 00:00:00', '2026-02-28', false),
    (4, null, null, null, null, null, null, null, null);
create table marts.scorecards as select 'HZ32050001' as zone_id;
create table marts.odd as select 'a' || chr(0) || 'b' as told;
comment on table marts.zones is '合作区，“每区”一行。Zones: one row a zone''s term.';
comment on column marts.zones.zone_id is '合作区编码 \\ Zone id';
"""

BROKEN = {
    "create table marts.sums as select 1::hugeint as total": "sums.total HUGEINT",
    "insert into marts.zones select * from marts.zones": "mart zones is null or not unique",
    "update marts.submissions set submission_id = null": "mart submissions is null or not unique",
}


@dataclass
class OnShelf:
    """A release and where it was shelved."""

    home: Path
    shelf: Shelf
    database: Database
    shelved: Shelved

    def released(self, query: str) -> list[tuple[Any, ...]]:
        """Give the rows of ``query`` over the release's DuckDB file."""
        file = self.home / "releases" / "current" / "coopzones.duckdb"
        with duckdb.connect(str(file), read_only=True) as connection:
            return connection.execute(query).fetchall()


@pytest.fixture(scope="module")
def on_shelf(
    make_night_in: Callable[..., Any],
    make_shelf: Callable[..., Shelf],
    postgres_server: PostgresServer,
    tmp_path_factory: pytest.TempPathFactory,
) -> OnShelf:
    """Give a release with marts of every type, shelved."""
    night = make_night_in(tmp_path_factory.mktemp("shelved"), extra_sql=EXTREMES)
    night.quality_failures = [night.finding(f"f{number}", "V20", row=None) for number in range(3)]
    night.enterprises = [("HZ32050001", 2025, f"91{row:016d}", "甲", "0.1") for row in range(3000)]
    night.publish()
    database = postgres_server.create_database()
    shelf = make_shelf(database)
    return OnShelf(night.home, shelf, database, shelve_current(night.home, shelf))


def test_every_row_of_every_mart_is_the_releases_to_the_last_digit(on_shelf: OnShelf) -> None:
    rows = on_shelf.shelved.rows
    assert (rows["extremes"], rows["enterprises"], rows["quality_failures"]) == (4, 3000, 3)
    for mart in rows.keys() - {"odd"}:
        query = f"select * from marts.{mart}"
        ours = on_shelf.database.rows(query)
        assert len(ours) == rows[mart]
        assert sorted(map(repr, ours)) == sorted(map(repr, on_shelf.released(query)))


def test_a_nul_in_a_text_stands_as_the_replacement_character(on_shelf: OnShelf) -> None:
    assert on_shelf.database.rows("select told from marts.odd") == [("a\N{REPLACEMENT CHARACTER}b",)]


def test_columns_types_and_comments_are_the_releases(on_shelf: OnShelf) -> None:
    described = describe_shelf(on_shelf.shelf)
    columns = on_shelf.released(
        "select table_name, column_name, replace(lower(data_type), ',', ', '), comment from duckdb_columns()"
        " where schema_name = 'marts' order by table_name, column_index"
    )
    assert described.select("mart", "column_name", "data_type", "comment").rows() == columns
    comments = described.filter(mart="zones")["mart_comment"].unique().to_list()
    assert comments == ["合作区，“每区”一行。Zones: one row a zone's term."]


def test_a_marts_key_is_the_one_that_dbt_tests_where_its_columns_are_there(on_shelf: OnShelf) -> None:
    keyed = describe_shelf(on_shelf.shelf).drop_nulls("key_position").sort("mart", "key_position")
    keys = {mart: tuple(rows["column_name"]) for (mart,), rows in keyed.group_by("mart")}
    expected = ("eligibility", "enterprises", "quality_failures", "submissions", "zones")
    assert keys == {mart: mart_keys()[mart] for mart in expected}
    assert keyed["is_required"].all()


def test_columns_of_the_seed_are_indexed_where_the_key_does_not_begin_with_them(on_shelf: OnShelf) -> None:
    assert {"zone_id", "submission_id", "rule_id"} <= set(load_seed("shelf_indexes")["column_name"])
    indexed = on_shelf.database.rows(
        "select tablename, regexp_replace(indexdef, '.*\\((.*)\\)', '\\1') from pg_indexes"
        " where schemaname = 'marts' and tablename in ('quality_failures', 'zones') order by 1, 2"
    )
    assert indexed == [
        ("quality_failures", "failure_id"), ("quality_failures", "rule_id"),
        ("quality_failures", "submission_id"), ("quality_failures", "zone_id"),
        ("zones", "authority_code"), ("zones", "zone_id"),
    ]  # fmt: skip


def test_the_planner_knows_how_many_rows_a_mart_has(on_shelf: OnShelf) -> None:
    known = "select reltuples from pg_class where oid = 'marts.enterprises'::regclass"
    assert on_shelf.database.rows(known) == [(3000,)]


def test_the_register_tells_release_and_moment(on_shelf: OnShelf) -> None:
    current = (
        "select release_id, as_of at time zone 'Asia/Shanghai', rules_version from coopzones.shelved_releases"
        " where schema_name = 'marts'"
    )
    [(release_id, as_of, rules_version)] = on_shelf.database.rows(current, on_shelf.database.reader_url)
    assert (release_id, as_of.isoformat(), rules_version) == (1, "2026-06-30T00:00:00", "rules-1")


@pytest.mark.parametrize(
    "statement",
    [
        "delete from marts.zones",
        "insert into marts.zones (zone_id) values ('HZ00000000')",
        "create table marts.mine (a integer)",
        "drop table marts.zones",
        "drop schema marts cascade",
        "update coopzones.shelved_releases set release_id = 0",
        "alter schema marts rename to mine",
    ],
)
def test_the_readers_role_reads_and_changes_nothing(on_shelf: OnShelf, statement: str) -> None:
    database = on_shelf.database
    assert database.rows("select zone_id from marts.zones", database.reader_url) == [("HZ32050001",)]
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        database.run(statement, database.reader_url)


def test_without_a_role_of_readers_nobody_else_reads(
    released_home: Path, make_shelf: Callable[..., Shelf], database: Database
) -> None:
    shelve_current(released_home, make_shelf(database, readers=None))
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        database.rows("select * from marts.zones", database.reader_url)


def test_a_broken_mart_is_named_and_the_old_marts_stand(night, shelf: Shelf, database: Database) -> None:
    night.publish()
    shelve_current(night.home, shelf)
    for broken, named in BROKEN.items():
        night.extra_sql = broken
        night.publish()
        with pytest.raises(UnloadableMartError, match=named):
            shelve_current(night.home, shelf)
        current = "select release_id from coopzones.shelved_releases where schema_name = 'marts'"
        assert database.rows(current) == [(1,)]
        assert database.rows("select zone_id from marts.zones", database.reader_url) == [("HZ32050001",)]
        schemas = "select nspname from pg_namespace where nspname like 'marts%'"
        assert database.rows(schemas) == [("marts",)]
