"""The bundle for Superset: whole, in both languages, on the marts as their contract has them, secret-free."""

import io
import json
import re
import traceback
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml
from sqlalchemy.engine import make_url
from typer.testing import CliRunner

from orchestration.command_line import app
from publication.errors import UnusableAddressError
from publication.superset.bundle import Shelf, bundle_bytes, bundle_files, duckdb_shelf, postgres_shelf

MARTS = Path(__file__).resolve().parents[2] / "dbt_project" / "models" / "marts"
URL = "postgresql://reader:geheim@db.example:5433/coopzones?sslmode=require"
SHELVES = [duckdb_shelf(Path("/srv/coopzones")), postgres_shelf(URL)]
FAMILIES = {
    "VARCHAR": {"VARCHAR"},
    "INTEGER": {"INTEGER", "BIGINT"},
    "DECIMAL": {"DECIMAL"},
    "BOOLEAN": {"BOOLEAN"},
    "DATE": {"DATE"},
    "TIMESTAMP": {"TIMESTAMP"},
}
"""What a dataset calls a column, and what DuckDB may call it."""


def parts(folder: str, shelf: Shelf = SHELVES[0]) -> dict[str, dict[str, Any]]:
    """Give the parts of a bundle in ``folder`` by their id."""
    loaded = [yaml.safe_load(text) for path, text in bundle_files(shelf) if path.startswith(f"{folder}/")]
    return {part["uuid"]: part for part in loaded}


DATASETS, CHARTS, DASHBOARD = parts("datasets"), parts("charts"), next(iter(parts("dashboards").values()))


@pytest.fixture(scope="module")
def empty_marts() -> Iterator[duckdb.DuckDBPyConnection]:
    """Give every mart as its contract says it is, without rows."""
    with duckdb.connect() as connection:
        connection.execute("create schema marts")
        for file in MARTS.glob("*.yml"):
            for model in yaml.safe_load(file.read_text(encoding="utf-8"))["models"]:
                columns = ", ".join(f'"{c["name"]}" {c["data_type"]}' for c in model["columns"])
                connection.execute(f"create table marts.{model['name']} ({columns})")
        yield connection


@pytest.mark.parametrize("dataset", DATASETS.values(), ids=lambda d: d["table_name"])
def test_a_dataset_gives_the_columns_that_it_lists_from_the_marts_of_the_contract(
    empty_marts: duckdb.DuckDBPyConnection, dataset: dict[str, Any]
) -> None:
    answer = empty_marts.sql(dataset["sql"])
    assert answer.columns == [column["column_name"] for column in dataset["columns"]]
    for column, type_ in zip(dataset["columns"], answer.types, strict=True):
        assert str(type_).split("(")[0] in FAMILIES[column["type"]], column["column_name"]


@pytest.mark.parametrize("dataset", DATASETS.values(), ids=lambda d: d["table_name"])
def test_a_datasets_metrics_can_be_computed(
    empty_marts: duckdb.DuckDBPyConnection, dataset: dict[str, Any]
) -> None:
    for metric in dataset["metrics"]:
        empty_marts.sql(f"select {metric['expression']} from ({dataset['sql']})").fetchall()


@pytest.mark.parametrize("chart", CHARTS.values(), ids=lambda c: c["slice_name"])
def test_a_chart_asks_for_columns_and_metrics_of_its_dataset(chart: dict[str, Any]) -> None:
    params = chart["params"]
    dataset = DATASETS[chart["dataset_uuid"]]
    columns = {column["column_name"] for column in dataset["columns"]}
    metrics = {metric["metric_name"] for metric in dataset["metrics"]}
    asked = {*params.get("all_columns", []), *params.get("groupby", []), params.get("x_axis")} - {None}
    assert asked | {each["subject"] for each in params["adhoc_filters"]} <= columns
    assert {*params.get("metrics", []), params.get("metric")} - {None} <= metrics
    assert chart["viz_type"] == params["viz_type"]


def test_the_dashboard_shows_every_chart_once() -> None:
    shown = [
        part["meta"]
        for part in DASHBOARD["position"].values()
        if isinstance(part, dict) and part["type"] == "CHART"
    ]
    assert sorted(meta["uuid"] for meta in shown) == sorted(CHARTS)
    assert {meta["uuid"]: meta["sliceName"] for meta in shown} == {
        uuid: chart["slice_name"] for uuid, chart in CHARTS.items()
    }


def test_a_filter_of_the_dashboard_reaches_every_dataset_about_zones() -> None:
    for native in DASHBOARD["metadata"]["native_filter_configuration"]:
        (target,) = native["targets"]
        assert target["datasetUuid"] in DATASETS
        for dataset in DATASETS.values():
            columns = {column["column_name"] for column in dataset["columns"]}
            assert "zone_id" not in columns or target["column"]["name"] in columns


def test_the_exposure_of_the_dashboard_names_the_marts_that_it_reads() -> None:
    told = yaml.safe_load((MARTS.parent / "exposures.yml").read_text(encoding="utf-8"))["exposures"]
    (named,) = [exposure["depends_on"] for exposure in told if exposure["name"] == "superset_dashboard"]
    read = {mart for dataset in DATASETS.values() for mart in re.findall(r"marts\.(\w+)", dataset["sql"])}
    assert {f"ref('{mart}')" for mart in read} == set(named)


def test_what_people_read_is_chinese_with_english_beside() -> None:
    read = [DASHBOARD["dashboard_title"], DASHBOARD["description"]]
    read += [chart[key] for chart in CHARTS.values() for key in ("slice_name", "description")]
    for dataset in DATASETS.values():
        read += [dataset["table_name"], dataset["description"]]
        read += [told["verbose_name"] for told in (*dataset["columns"], *dataset["metrics"])]
    assert [
        text for text in read if not (re.search("[一-鿿]", text) and re.search("[A-Za-z]{2}", text))
    ] == []


@pytest.mark.parametrize("shelf", SHELVES, ids=lambda s: s.code)
def test_a_bundle_is_whole_and_the_same_at_any_moment(shelf: Shelf) -> None:
    held = bundle_bytes(shelf)
    assert held == bundle_bytes(shelf)
    with zipfile.ZipFile(io.BytesIO(held)) as bundle:
        texts = {path: bundle.read(path).decode() for path in bundle.namelist()}
    assert yaml.safe_load(texts["coopzones/metadata.yaml"])["version"] == "1.0.0"
    assert [path for path, text in texts.items() if "${" in text] == []
    (database,) = parts("databases", shelf)
    assert {dataset["database_uuid"] for dataset in parts("datasets", shelf).values()} == {database}


def test_the_shelves_share_no_id_and_no_address_so_that_one_superset_holds_both() -> None:
    folders = ("databases", "datasets", "charts", "dashboards")
    ids = [{uuid for folder in folders for uuid in parts(folder, shelf)} for shelf in SHELVES]
    assert len(ids[0]) == len(ids[1]) > 0
    assert not ids[0] & ids[1]
    slugs = {dashboard["slug"] for shelf in SHELVES for dashboard in parts("dashboards", shelf).values()}
    assert len(slugs) == len(SHELVES)


def test_no_dataset_of_a_shelf_is_called_as_one_of_the_other() -> None:
    """A Superset that keeps its own tables in SQLite takes each name of a dataset once."""
    names = [dataset["table_name"] for shelf in SHELVES for dataset in parts("datasets", shelf).values()]
    assert len(names) == len(set(names)) == 2 * len(DATASETS)


def test_the_duckdb_file_is_opened_read_only_through_the_link_to_the_current_release() -> None:
    (database,) = parts("databases").values()
    address = make_url(database["sqlalchemy_uri"])
    assert address.database == "/srv/coopzones/releases/current/coopzones.duckdb"
    assert address.query["access_mode"] == "read_only"


@pytest.fixture
def as_superset(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give a connection with the options that the bundle's address hands to DuckDB."""
    current = tmp_path / "releases" / "current"
    current.mkdir(parents=True)
    (tmp_path / "secrets.csv").write_text("secret\ngeheim\n")
    with duckdb.connect(str(current / "coopzones.duckdb")) as writer:
        writer.execute("create schema marts; create table marts.zones as select 'HZ32050001' as zone_id")
    address = make_url(duckdb_shelf(tmp_path).uri)
    with duckdb.connect(str(address.database), config=dict(address.query)) as connection:
        yield connection


def test_the_marts_are_read_under_the_options_of_the_bundle(as_superset: duckdb.DuckDBPyConnection) -> None:
    assert as_superset.execute("select zone_id from marts.zones").fetchall() == [("HZ32050001",)]


@pytest.mark.parametrize(
    "statement",
    [
        "select * from read_csv('{folder}/secrets.csv')",
        "select * from '{folder}/secrets.csv'",
        "select * from glob('{folder}/*')",
        "copy (select 1) to '{folder}/written.csv'",
        "attach '{folder}/other.duckdb'",
        "install httpfs",
        "set enable_external_access = true",
        "set lock_configuration = false",
        "delete from marts.zones",
    ],
)
def test_no_statement_reaches_the_servers_files(
    as_superset: duckdb.DuckDBPyConnection, tmp_path: Path, statement: str
) -> None:
    with pytest.raises(duckdb.Error, match=r"disabled by conf|has been locked|read-only"):
        as_superset.execute(statement.format(folder=tmp_path))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["releases", "secrets.csv"]


def test_a_password_never_gets_into_the_bundle() -> None:
    (database,) = parts("databases", SHELVES[1]).values()
    assert database["sqlalchemy_uri"] == (
        "postgresql+psycopg2://reader:XXXXXXXXXX@db.example:5433/coopzones?sslmode=require"
    )
    assert all("geheim" not in text for _, text in bundle_files(SHELVES[1]))


def test_an_address_without_a_password_is_given_none() -> None:
    assert postgres_shelf("postgresql://reader@db.example/coopzones").uri == (
        "postgresql+psycopg2://reader@db.example/coopzones"
    )


@pytest.mark.parametrize(
    "url",
    ["", "marts", "mysql://reader@db.example/coopzones", "postgresql://db.example", "postgresql://a:b:c/d"],
)
def test_what_is_no_address_of_a_postgresql_database_is_refused_without_being_repeated(url: str) -> None:
    with pytest.raises(UnusableAddressError, match="postgresql://reader@host") as refusal:
        postgres_shelf(url)
    assert not url or url not in str(refusal.value)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://reader@db.example/coopzones?password=geheim",
        "postgresql://reader@db.example/coopzones?sslmode=require&sslpassword=geheim",
        "postgresql://reader@db.example/coopzones?PASSWORD=geheim",
        "postgresql://reader:a@geheim@db.example/coopzones",
        "postgresql://reader:a@b/geheim@db.example/coopzones",
    ],
)
def test_a_password_where_it_can_not_be_masked_is_refused_without_being_repeated(url: str) -> None:
    with pytest.raises(UnusableAddressError, match="%40") as refusal:
        postgres_shelf(url)
    assert "geheim" not in "".join(traceback.format_exception(refusal.value))


def test_an_at_sign_in_a_password_is_written_encoded() -> None:
    assert postgres_shelf("postgresql://reader:ge%40heim@db.example/coopzones").uri == (
        "postgresql+psycopg2://reader:XXXXXXXXXX@db.example/coopzones"
    )


def test_a_release_that_was_rolled_back_is_seen_to_be() -> None:
    (releases,) = [chart for chart in CHARTS.values() if chart["slice_name"].startswith("历次发布 ")]
    assert "rolled_back" in releases["params"]["all_columns"]


def test_a_chart_of_the_low_end_says_so_in_its_title() -> None:
    low = [chart["slice_name"] for chart in CHARTS.values() if "median_low" in json.dumps(chart["params"])]
    assert low
    assert [title for title in low if "低端" not in title or "low end" not in title] == []


@pytest.mark.parametrize("folder", ["databases", "datasets", "charts"])
def test_nothing_is_cached_or_written_through_superset(folder: str) -> None:
    for part in parts(folder).values():
        assert part.get("cache_timeout") == (-1 if folder == "databases" else None)
        assert not any(part.get(key) for key in ("allow_dml", "allow_ctas", "allow_cvas", "allow_csv_upload"))


def test_the_command_writes_the_bundle_and_says_what_it_reads(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("COOPZONES_HOME", str(tmp_path / "home"))
    file = tmp_path / "new" / "dashboard.zip"
    answer = CliRunner().invoke(app, ["superset-bundle", str(file)])
    assert answer.exit_code == 0
    assert str(tmp_path / "home" / "releases" / "current" / "coopzones.duckdb") in answer.stdout
    assert file.read_bytes() == bundle_bytes(duckdb_shelf(tmp_path / "home"))


def test_the_command_says_when_there_is_no_release_to_show(tmp_path: Path, monkeypatch) -> None:
    home = tmp_path / "home"
    monkeypatch.setenv("COOPZONES_HOME", str(home))
    answer = CliRunner().invoke(app, ["superset-bundle", str(tmp_path / "dashboard.zip")])
    assert answer.exit_code == 0
    assert f"{home} holds no release yet" in answer.stderr
    assert not home.exists()


def test_the_command_warns_of_nothing_when_there_is_a_release(tmp_path: Path, monkeypatch) -> None:
    current = tmp_path / "home" / "releases" / "current"
    current.mkdir(parents=True)
    (current / "coopzones.duckdb").touch()
    monkeypatch.setenv("COOPZONES_HOME", str(tmp_path / "home"))
    answer = CliRunner().invoke(app, ["superset-bundle", str(tmp_path / "dashboard.zip")])
    assert answer.exit_code == 0
    assert answer.stderr == ""


def test_the_command_writes_the_bundle_of_postgresql_without_the_password(tmp_path: Path) -> None:
    file = tmp_path / "dashboard.zip"
    answer = CliRunner().invoke(app, ["superset-bundle", str(file), "--shelf", "postgres", "--url", URL])
    assert answer.exit_code == 0
    assert "geheim" not in answer.stdout
    assert file.read_bytes() == bundle_bytes(postgres_shelf(URL))


@pytest.mark.parametrize("given", [[], ["--url", "mysql://reader@db.example/coopzones"]])
def test_the_command_says_which_address_it_needs(tmp_path: Path, given: list[str]) -> None:
    answer = CliRunner().invoke(
        app, ["superset-bundle", str(tmp_path / "d.zip"), "--shelf", "postgres", *given]
    )
    assert "postgresql://reader@host:5432/database" in str(answer.exception)
    assert list(tmp_path.iterdir()) == []


def test_the_command_writes_over_nothing_unless_told(tmp_path: Path) -> None:
    file = tmp_path / "dashboard.zip"
    file.write_text("mine")
    assert CliRunner().invoke(app, ["superset-bundle", str(file)]).exit_code != 0
    assert file.read_text() == "mine"
