"""Nights with a PostgreSQL shelf: what is on it, what a failure leaves, where the secret never stands."""

import os
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import dagster as dg
import duckdb
import pytest
from hammering import hammering
from postgres_server import LOADER, PASSWORDS, READER, Database
from pydantic import SecretStr

from ingestion.progress import SilentProgress
from ingestion.sample import SampleShape, write_sample_inbox
from orchestration.definitions import build_definitions
from orchestration.errors import SettingsError
from orchestration.home import Home
from orchestration.settings import Settings
from publication.mart_contracts import TYPES, mart_contracts
from publication.postgres.configuration import Shelf
from publication.postgres.description import describe_shelf

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "postgres.md").read_text(encoding="utf-8")
COOPZONES = Path(sys.executable).parent / "coopzones"
AS_OF = "2026-06-30T09:00:00+08:00"
URL = "postgresql://loader:secret@127.0.0.1:1/marts"
PARTS = ("ge'heim", "ge%27heim")
"""Of the loader's password, whatever a layer puts around its other characters."""
COUNTS = """
select (select release_id from marts.releases where is_current) as release_id,
    (select count(*) from marts.zones) as zones, (select count(*) from marts.submissions) as submissions,
    (select count(*) from marts.indicators) as indicators,
    (select count(*) from marts.enterprises) as enterprises
"""
LONGEST_WAIT = 10.0
"""Seconds of an answer beside a whole night on a small machine; one that waits for a night waits longer."""
REGISTER = "select release_id, schema_name from coopzones.shelved_releases order by load_number"


def coopzones(command: str, home: Path, url: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a command as a person does, with the shelf at ``url``."""
    stated = {"COOPZONES_HOME": str(home), "COOPZONES_AS_OF": AS_OF, "COOPZONES_POSTGRES_URL": url}
    return subprocess.run(  # noqa: S603
        [COOPZONES, command], env={**os.environ, **stated, **variables},
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def holding_the_secret(folder: Path) -> list[str]:
    """Give the files below ``folder`` in which the loader's password stands in any form."""
    password = PASSWORDS[LOADER]
    forms = [form.encode() for form in (password, quote(password, safe=""), *PARTS)]
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [str(path) for path in files if any(form in path.read_bytes() for form in forms)]


def test_the_step_is_there_with_an_address_and_only_then(parsed_home: Path) -> None:
    for url, is_there in ((None, False), (URL, True)):
        settings = Settings(home=parsed_home, inbox="/srv/inbox", postgres_url=url)  # type: ignore[arg-type]
        definitions = build_definitions(resource_overrides={"settings": settings})
        specs = {spec.key.to_user_string(): spec for spec in definitions.resolve_all_asset_specs()}
        steps = {node.name for node in definitions.resolve_job_def("nightly").nodes}
        assert ("postgres_shelf" in specs, "postgres_shelf" in steps) == (is_there, is_there)
    shelf = specs["postgres_shelf"]
    assert [dep.asset_key.to_user_string() for dep in shelf.deps] == ["release"]
    assert shelf.group_name == "publication"
    assert shelf.kinds
    assert shelf.owners
    assert shelf.description


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("mysql://loader:secret@host/marts", "expected an address like postgresql://"),
        ("host=127.0.0.1 password=secret", "expected an address like postgresql://"),
    ],
)
def test_a_wrong_address_is_not_repeated(monkeypatch: pytest.MonkeyPatch, url: str, said: str) -> None:
    monkeypatch.setenv("COOPZONES_POSTGRES_URL", url)
    with pytest.raises(SettingsError) as caught:
        Settings.load()
    assert 'COOPZONES_POSTGRES_URL="***" cannot be used' in str(caught.value)
    assert said in str(caught.value)
    assert "secret" not in str(caught.value)


def test_an_address_is_not_in_what_settings_print(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COOPZONES_POSTGRES_URL", URL)
    settings = Settings.load()
    assert "secret" not in f"{settings!r} {settings} {settings.shelf!r} {settings.model_dump_json()}"


def test_a_missing_extra_is_named_before_a_night_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COOPZONES_POSTGRES_URL", URL)
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(SettingsError, match=r"psycopg not installed; install the extra: pip install"):
        Settings.load()


@pytest.mark.parametrize("minutes", ["-1", "525601", "an hour"])
def test_a_grace_time_is_some_minutes_up_to_a_year(monkeypatch: pytest.MonkeyPatch, minutes: str) -> None:
    monkeypatch.setenv("COOPZONES_POSTGRES_GRACE_MINUTES", minutes)
    with pytest.raises(SettingsError, match="from 0 to 525600"):
        Settings.load()


def test_shelving_without_a_shelf_says_what_is_missing(tmp_path: Path) -> None:
    done = coopzones("shelve", tmp_path, "")
    assert done.returncode == 2
    assert "COOPZONES_POSTGRES_URL is not set" in done.stderr


@pytest.mark.slow
@pytest.mark.postgres
def test_nights_with_a_shelf_while_readers_read_from_the_first_load_to_a_failure_and_back(
    home: Path, tmp_path: Path, database: Database
) -> None:
    first = coopzones("run", home, database.url, **office(tmp_path, zones=6))
    assert first.returncode == 0, first.stderr
    assert "✓ 上架：装入 shelve: load" in first.stdout
    assert "数据架 shelf  PostgreSQL  发布 release 1" in first.stdout
    hold_to_release(home, database)
    hold_to_the_pages_word_on_moments(database)

    kinds = {
        "postgres": database.reader_url,
        "duckdb": str(home / "releases"),
        "parquet": str(home / "releases"),
    }
    readers = [{"kind": kind, "at": at, "pause": 0.2} for kind, at in kinds.items()]
    with hammering(COUNTS, tmp_path / "stop", *readers) as seen:
        elsewhere = database.url.replace("/test_", "/absent_")
        failed = coopzones("run", home, elsewhere, **office(tmp_path, zones=8))
        only_the_old_on_the_shelf = database.rows(REGISTER, database.reader_url)
        again = coopzones("shelve", home, database.url, **office(tmp_path, zones=8))
        back = coopzones("rollback", home, database.url, **office(tmp_path, zones=8))

    assert failed.returncode == 4
    for shown in ("✓ 页面 site", "✗ 上架：连接 shelve: connect", "发布 release 2", "releases/current/site"):
        assert shown in failed.stdout
    assert "数据架 shelf" not in failed.stdout
    assert "The current release stands in its files" in failed.stderr
    assert "run coopzones shelve" in failed.stderr
    assert "Traceback" not in failed.stderr
    assert only_the_old_on_the_shelf == [(1, "marts")]
    hold_to_red_run_with_a_release(home)
    assert again.returncode == 0, again.stderr
    assert back.returncode == 0, back.stderr
    assert "数据架 shelf  PostgreSQL  发布 release 1" in back.stdout
    assert database.rows(REGISTER) == [(1, "marts_old_1"), (2, "marts_old_2"), (1, "marts")]
    hold_to_release(home, database)

    for reader in seen:
        for release, answers in reader.by_release.items():
            assert len(answers) == 1
            assert [row["release_id"] for row in answers[0]] == [int(release)]
        assert reader.by_release.keys() == {"1", "2"}
        assert reader.by_release["1"] != reader.by_release["2"]
        assert reader.longest_wait < LONGEST_WAIT

    assert holding_the_secret(home) == []
    for done in (first, failed, again, back):
        assert not [form for form in (database.url, *PARTS) if form in done.stdout + done.stderr]


def office(folder: Path, zones: int) -> dict[str, str]:
    """Give the settings of an office with so many zones, whose inbox is written when it is not there yet."""
    inbox = folder / f"inbox of {zones}"
    if not inbox.exists():
        write_sample_inbox(inbox, SampleShape(zones=zones, enterprises=6), SilentProgress())
    return {"COOPZONES_INBOX": str(inbox), "COOPZONES_POSTGRES_READERS": READER}


def hold_to_red_run_with_a_release(home: Path) -> None:
    """Hold the newest run to having failed after it had published."""
    with dg.DagsterInstance.from_config(str(Home(home).dagster)) as instance:
        [run] = instance.get_runs(limit=1)
        release = instance.get_latest_materialization_event(dg.AssetKey("release"))
    assert run.status is dg.DagsterRunStatus.FAILURE
    assert release is not None
    assert release.run_id == run.run_id


def hold_to_the_pages_word_on_moments(database: Database) -> None:
    """Hold the register's moment to be the mart's, compared as docs/postgres.md says, wherever one asks."""
    [same_moment] = re.findall(r"`(register\.as_of at time zone .*?)`", PAGE)
    compared = (
        "select count(*) from coopzones.shelved_releases as register, marts.releases as releases"
        f" where register.schema_name = 'marts' and releases.is_current and {same_moment}"
    )
    for zone in ("America/New_York", "Asia/Shanghai"):
        asked_there = f"{database.reader_url}?options=-c%20timezone%3D{zone}"
        assert database.rows(compared, asked_there) == [(1,)]


def hold_to_release(home: Path, database: Database) -> None:
    """Hold every mart of the shelf against its contract and the current release: rows, types, comments."""
    shelf = Shelf(SecretStr(database.url), READER, grace_minutes=60)
    described = describe_shelf(shelf).select("mart", "column_name", "data_type", "comment").rows()
    assert [(mart, column, TYPES[kind.split("(")[0]], told) for mart, column, kind, told in described] == [
        (mart.name, column.name, column.type, column.told.comment)
        for mart in mart_contracts()
        for column in mart.columns
    ]
    comments = dict(describe_shelf(shelf).select("mart", "mart_comment").unique().rows())
    assert comments == {mart.name: mart.told.comment for mart in mart_contracts()}
    with duckdb.connect(str(home / "releases" / "current" / "coopzones.duckdb"), read_only=True) as release:
        columns = release.execute(
            "select table_name, column_name, replace(lower(data_type), ',', ', '), comment"
            " from duckdb_columns() where schema_name = 'marts' order by table_name, column_index"
        ).fetchall()
        assert described == columns
        for mart in {mart for mart, *_ in columns}:
            query = f"select * from marts.{mart}"
            theirs, ours = release.execute(query).fetchall(), database.rows(query, database.reader_url)
            assert sorted(map(repr, ours)) == sorted(map(repr, theirs)), mart
