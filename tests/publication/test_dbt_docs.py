"""dbt's documentation as it leaves: one file, nothing of the machine or the run, nothing to fetch."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from ingestion.seeds import SEEDS
from publication.dbt_docs import write_dbt_docs
from publication.errors import IncompleteReleaseError

PAGE = (
    '<html><head></head><script>let manifest = "MANIFEST.JSON INLINE DATA";\n'
    'let catalog = "CATALOG.JSON INLINE DATA";\n</script>'
)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "家 home"
    folder.mkdir()
    return folder


def write_artifacts(folder: Path, home: Path) -> None:
    repository = SEEDS.parent.parent
    node = {
        "description": "合作区 </script>",
        "compiled_code": f"from read_parquet('{home}/night/findings.parquet')",
        "root_path": str(repository / "dbt_project"),
        "build_path": str(home / "dbt"),
        "created_at": 1.5,
    }
    manifest = {
        "metadata": {
            "project_name": "coopzones",
            "invocation_id": "i",
            "user_id": "u",
            "env": {"SECRET": "s"},
        },
        "nodes": {"model.coopzones.zones": node},
        "sources": {"source.night": {"relation_name": f"read_parquet('{home}/night/x.parquet')"}},
        "macros": {
            "macro.coopzones.one": {"package_name": "coopzones"},
            "macro.dbt.other": {"package_name": "dbt"},
        },
        "exposures": {},
        "unit_tests": {"unit_test.one": {}},
        "docs": {"doc.one": {"path": str(repository / "dbt_project" / "models" / "overview.md")}},
    }
    catalog = {"metadata": {"generated_at": "now"}, "nodes": {"model.coopzones.zones": {"columns": {}}}}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    (folder / "catalog.json").write_text(json.dumps(catalog), encoding="utf-8")
    (folder / "index.html").write_text(PAGE, encoding="utf-8")


@pytest.fixture
def page(tmp_path: Path, home: Path) -> str:
    """Give the page of a small project in a release."""
    artifacts, release = tmp_path / "artifacts", tmp_path / "release"
    artifacts.mkdir()
    release.mkdir()
    write_artifacts(artifacts, home)
    write_dbt_docs(artifacts, release, home)
    return (release / "dbt_docs" / "index.html").read_text(encoding="utf-8")


def inlined(page: str, name: str) -> Any:
    """Give what the page has in the place of a request."""
    found = re.search(rf"let {name} = (.*);\n", page)
    assert found
    return json.loads(found[1])


def test_manifest_and_catalogue_stand_in_the_page(page: str) -> None:
    assert inlined(page, "manifest")["nodes"]["model.coopzones.zones"]["description"] == "合作区 </script>"
    assert inlined(page, "catalog")["nodes"] == {"model.coopzones.zones": {"columns": {}}}


def test_no_text_of_the_project_ends_the_script_that_it_stands_in(page: str) -> None:
    assert page.count("</script>") == 1


def test_nothing_of_the_machine_or_the_run_is_told(page: str, home: Path) -> None:
    assert str(home) not in page
    assert str(SEEDS.parent.parent) not in page
    assert "$COOPZONES_HOME/night/findings.parquet" in page
    assert inlined(page, "manifest")["metadata"] == {"project_name": "coopzones"}
    assert inlined(page, "catalog")["metadata"] == {}
    assert "created_at" not in page


def test_macros_of_dbts_own_and_unit_tests_are_left_out(page: str) -> None:
    manifest = inlined(page, "manifest")
    assert manifest["macros"].keys() == {"macro.coopzones.one"}
    assert manifest["unit_tests"] == {}


def test_the_page_may_fetch_nothing(page: str) -> None:
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    assert policy
    assert policy[1].startswith("default-src 'none'")
    assert "http" not in policy[1]
    assert "'self'" not in policy[1]


def test_no_release_is_made_when_dbt_left_no_documentation(tmp_path: Path, home: Path) -> None:
    with pytest.raises(IncompleteReleaseError, match=r"index\.html, manifest\.json, catalog\.json"):
        write_dbt_docs(tmp_path, tmp_path, home)
