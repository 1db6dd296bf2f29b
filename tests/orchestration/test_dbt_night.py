"""The arguments of the night's dbt, and how its nodes are named: no dbt needed to tell."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from ingestion.judging.night import NightSummary
from ingestion.receive import FILES_SCHEMA, Reception
from orchestration.dbt_night import build_arguments, prepare_target
from orchestration.dbt_translator import description_of, folder_of, key_of
from orchestration.home import Home
from orchestration.night import Arrival, JudgedNight
from orchestration.settings import SHANGHAI
from orchestration.versions import code_version
from publication.last_release import LastRelease

AS_OF = datetime(2026, 3, 31, 23, 59, 59, tzinfo=SHANGHAI)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


@pytest.fixture
def night(home: Home) -> JudgedNight:
    nothing = pl.DataFrame(schema=FILES_SCHEMA)
    reception = Reception(inbox="", files=nothing, ignored=nothing, new_files=0, new_bytes=0)
    summary = NightSummary(
        rules_version="r",
        judged_folder=home.root / "lake" / "judged" / "r",
        night_folder=home.night,
        submissions=0,
        newly_judged=0,
        findings_by_rule=pl.DataFrame(
            schema={"rule_id": pl.String, "severity": pl.String, "findings": pl.Int64}
        ),
        rows_read=0,
        rows_quarantined=0,
        rejected=0,
    )
    compared = LastRelease(number=6, left_out=())
    return JudgedNight(Arrival(reception, AS_OF), AS_OF, {"panel_minimum": "2"}, summary, 7, compared)


def test_the_whole_project_is_built_without_unit_tests(night: JudgedNight, home: Home) -> None:
    arguments = build_arguments(night, home, None)
    assert arguments[:3] == ["build", "--exclude-resource-type", "unit_test"]
    assert "--select" not in arguments


def test_the_variables_are_those_of_the_seam_with_the_shanghai_wall_clock(
    night: JudgedNight, home: Home
) -> None:
    arguments = build_arguments(night, home, None)
    assert json.loads(arguments[arguments.index("--vars") + 1]) == {
        "as_of": "2026-03-31T23:59:59",
        "judged": str(home.judged),
        "night": str(home.night),
        "parameters": {"panel_minimum": "2"},
        "release": {
            "number": 7,
            "started_at": "2026-03-31T23:59:59",
            "code_version": code_version(),
            "rules_version": "r",
        },
    }


def test_a_part_is_built_with_its_own_tests_only(night: JudgedNight, home: Home) -> None:
    arguments = build_arguments(night, home, ["fqn:coopzones.marts.zones", "fqn:coopzones.marts.zones_key"])
    selection = arguments[arguments.index("--indirect-selection") :]
    assert selection == [
        "--indirect-selection",
        "empty",
        "--select",
        "fqn:coopzones.marts.zones fqn:coopzones.marts.zones_key",
    ]


def test_a_whole_night_starts_with_no_warehouse_and_a_part_keeps_it_without_its_verdict(home: Home) -> None:
    prepare_target(home, is_whole=True)
    home.warehouse.touch()
    home.verdict.touch()
    prepare_target(home, is_whole=False)
    assert home.warehouse.exists()
    assert not home.verdict.exists()
    prepare_target(home, is_whole=True)
    assert not home.warehouse.exists()


def node(resource_type: str, path: str, **more: Any) -> dict[str, Any]:
    name = Path(path).stem
    return {
        "resource_type": resource_type,
        "original_file_path": path,
        "name": name,
        "description": "",
        "depends_on": {"nodes": []},
        **more,
    }


def test_a_model_is_called_by_its_name_in_the_group_of_its_folder() -> None:
    model = node("model", "models/staging/lake/stg_lake__roster.sql")
    assert key_of(model).path == ["stg_lake__roster"]
    assert folder_of(model) == "staging"


def test_a_seed_stands_below_seeds_and_every_source_is_the_lake() -> None:
    assert key_of(node("seed", "seeds/standard/criteria.csv")).path == ["seeds", "criteria"]
    assert folder_of(node("seed", "seeds/standard/criteria.csv")) == "seeds"
    assert key_of(node("source", "models/staging/lake/_sources.yml")).path == ["lake"]


def test_a_description_is_the_yaml_else_the_opening_comment_else_the_sources() -> None:
    manifest = {"sources": {"source.lake.roster": {"description": "Accepted rows."}}}
    sql = "-- One row\n-- a zone.\nselect 1"
    sources = {"nodes": ["source.lake.roster"]}
    told = node("model", "models/marts/zones.sql", raw_code=sql, depends_on=sources)
    assert description_of(manifest, {**told, "description": "Zones."}) == "Zones."
    assert description_of(manifest, told) == "One row a zone."
    assert description_of(manifest, {**told, "raw_code": "select 1"}) == "Accepted rows."
    assert description_of(manifest, node("model", "models/marts/zones.sql", raw_code="select 1")) is None
