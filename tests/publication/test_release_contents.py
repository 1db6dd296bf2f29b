"""What stands in a release: the marts twice, the manifest that names every file, and nothing else."""

import hashlib
import json
import stat
from pathlib import Path

import duckdb
import polars as pl
import pyarrow.parquet as pq
import pytest

from publication.errors import IncompleteReleaseError
from publication.manifest import InputFile, ledgers_gone, read_manifest
from publication.releases import current_release, list_releases

ROWS = [
    (f"HZ3205000{i % 3}", 2020 + i % 4, f"91{i:016d}", f"企业{i}", f"{i}.000000000000000001")
    for i in range(200)
]


def query(release: Path, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(release / "coopzones.duckdb"), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_database_holds_the_schema_marts_and_nothing_else(make_night) -> None:
    night = make_night(
        extra_sql="create schema staging; create table staging.stg_covers as select 1 as secret"
    )
    tables = query(night.publish(), "select schema_name, table_name from duckdb_tables() order by all")
    assert tables == [
        ("marts", mart) for mart in ("eligibility", "enterprises", "quality_failures", "submissions", "zones")
    ]


def test_a_mart_that_is_a_view_leaves_as_a_table(make_night) -> None:
    night = make_night(
        extra_sql="create view marts.authorities as select '320000' as authority_code;"
        "comment on view marts.authorities is '主管部门'"
    )
    found = query(night.publish(), "select comment from duckdb_tables() where table_name = 'authorities'")
    assert found == [("主管部门",)]


def test_comments_on_tables_and_columns_leave_with_them(make_night) -> None:
    night = make_night(
        extra_sql="comment on table marts.zones is 'the zone''s newest designation';"
        "comment on column marts.zones.zone_id is '合作区编码'"
    )
    release = night.publish()
    tables = "select comment from duckdb_tables() where table_name = 'zones'"
    columns = "select comment from duckdb_columns() where table_name = 'zones' and comment is not null"
    assert query(release, tables) == [("the zone's newest designation",)]
    assert query(release, columns) == [("合作区编码",)]


def test_comments_stand_in_parquet_where_arrow_and_others_look_for_them(make_night) -> None:
    night = make_night(
        extra_sql="comment on table marts.zones is 'the zone''s newest designation';"
        "comment on column marts.zones.zone_id is '合作区编码'"
    )
    file = night.publish() / "parquet" / "zones.parquet"
    schema = pq.read_schema(file)
    assert schema.metadata == {b"comment": b"the zone's newest designation"}
    assert schema.field("zone_id").metadata == {b"comment": "合作区编码".encode()}
    assert schema.field("zone_name").metadata is None
    told = duckdb.sql(f"select decode(value) from parquet_kv_metadata('{file}') where key = 'comment'")
    assert told.fetchall() == [("the zone's newest designation",)]


def test_parquet_and_database_hold_the_same_rows_in_the_order_of_the_key(
    make_night,
) -> None:
    release = make_night(enterprises=ROWS[::-1]).publish()
    stored = query(release, "select * from marts.enterprises")
    assert pl.read_parquet(release / "parquet" / "enterprises.parquet").rows() == stored
    assert [row[:3] for row in stored] == sorted(row[:3] for row in ROWS)


def test_decimals_and_text_leave_as_the_warehouse_holds_them(make_night) -> None:
    night = make_night()
    night.quality_failures = [night.finding("f1", "V04", value="=1+1")]
    night.enterprises = [("HZ32050001", 2025, "91" * 9, "+企业", "0.599999999999999999")]
    release = night.publish()
    assert query(release, "select enterprise_name, revenue_wan::varchar from marts.enterprises") == [
        ("+企业", "0.599999999999999999")
    ]
    assert pl.read_parquet(release / "parquet" / "quality_failures.parquet")["value"].to_list() == ["=1+1"]


def test_the_same_rows_give_the_same_parquet_bytes_whatever_order_they_came_in(
    make_night,
) -> None:
    one = make_night(enterprises=ROWS).publish()
    other = make_night(enterprises=ROWS[100:] + ROWS[:100]).publish()
    for mart in ("enterprises", "submissions"):
        assert sha256(one / "parquet" / f"{mart}.parquet") == sha256(other / "parquet" / f"{mart}.parquet")


def test_every_file_is_read_only_and_no_log_stands_beside_the_database(night) -> None:
    release = night.publish()
    files = [path for path in release.rglob("*") if path.is_file()]
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o444}
    assert sorted(path.name for path in release.iterdir()) == [
        "answers", "coopzones.duckdb", "data_docs", "dbt_docs", "exports", "handbook", "manifest.json",
        "parquet", "returned", "site",
    ]  # fmt: skip


def test_every_1_x_driver_can_read_the_database(night) -> None:
    release = night.publish()
    found = query(
        release, "select tags['storage_version'] from duckdb_databases() where database_name = 'coopzones'"
    )
    assert found == [("v1.0.0+",)]


def test_the_manifest_names_every_file_but_itself_with_its_hash_size_and_rows(
    make_night,
) -> None:
    release = make_night(enterprises=ROWS).publish()
    manifest = json.loads((release / "manifest.json").read_text(encoding="utf-8"))
    present = {
        path.relative_to(release).as_posix(): (sha256(path), path.stat().st_size)
        for path in release.rglob("*")
        if path.is_file() and path.name != "manifest.json"
    }
    assert {file["path"]: (file["sha256"], file["size_bytes"]) for file in manifest["files"]} == present
    rows = {file["path"]: file["rows"] for file in manifest["files"]}
    assert rows["parquet/enterprises.parquet"] == manifest["row_counts"]["enterprises"] == 200
    assert {"site/index.html", "data_docs/index.html", "data_docs/static/style.css"} < present.keys()


def test_the_manifest_tells_the_run(night) -> None:
    manifest = json.loads((night.publish() / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["release_id"] == 1
    assert manifest["as_of"] == "2026-06-30T00:00:00+08:00"
    assert manifest["started_at"] == "2026-07-02T02:00:00+08:00"
    assert manifest["finished_at"].endswith("+08:00")
    assert (manifest["rules_version"], manifest["code_version"]) == ("rules-1", "0.1.0")
    assert manifest["parameters"] == {"panel_minimum": "5"}
    assert [(file["path"], file["kind"], file["size_bytes"]) for file in manifest["inputs"]] == [
        ("ledgers/receipts.csv", "ledger", 512),
        ("submissions/江苏/苏州.xlsx", "submission", 20_480),
    ]
    assert manifest["inputs"][1]["sha256"] == night.ACCEPTED


def test_nothing_is_left_of_a_release_without_marts(night) -> None:
    empty = night.scratch / "empty.duckdb"
    duckdb.connect(str(empty)).close()
    with pytest.raises(IncompleteReleaseError, match="holds no mart"):
        night.build(empty)
    assert not list((night.home / "releases").glob(".building-*"))


def test_a_release_without_data_docs_is_not_made(night) -> None:
    (night.data_docs / "index.html").unlink()
    with pytest.raises(IncompleteReleaseError, match="data docs"):
        night.build()
    assert list_releases(night.home) == []
    assert current_release(night.home) is None


def test_the_data_docs_of_a_release_stay_when_the_next_night_writes_its_own(night) -> None:
    release = night.publish()
    (night.data_docs / "index.html").write_text("another night", encoding="utf-8")
    assert "docs" in (release / "data_docs" / "index.html").read_text(encoding="utf-8")


def test_a_ledger_file_of_the_last_release_that_is_not_there_any_more_is_named(night) -> None:
    night.publish()
    made = read_manifest(current_release(night.home))

    def of(*files: tuple[str, str]):
        inputs = [InputFile(path=path, kind=kind, sha256="0" * 64, size_bytes=1) for path, kind in files]
        return made.model_copy(update={"inputs": inputs})

    incidents, workbook = ("ledgers/incidents.csv", "ledger"), ("submissions/a.xlsx", "submission")
    assert ledgers_gone(of(incidents, workbook), of(workbook)) == ["ledgers/incidents.csv"]
    assert ledgers_gone(of(incidents, workbook), of(incidents)) == []
    assert ledgers_gone(of(workbook), of(incidents)) == []
