"""What Dagster loads, as a snapshot a person can read: assets, checks, jobs, schedules, sensors, resources.

``COOPZONES_WRITE_SNAPSHOTS=1`` writes the snapshot anew; read the difference before you commit it.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from orchestration.definitions import build_definitions
from orchestration.settings import Settings

SNAPSHOT = Path(__file__).parent / "snapshots" / "definitions.json"


@pytest.fixture(scope="module")
def definitions(parsed_home: Path) -> dg.Definitions:
    settings = Settings(home=parsed_home, inbox="/srv/inbox")
    return build_definitions(resource_overrides={"settings": settings})


def describe(definitions: dg.Definitions) -> dict[str, Any]:
    graph = definitions.resolve_asset_graph()
    jobs = {name: definitions.resolve_job_def(name) for name in ("nightly", "deliver_alerts")}
    return {
        "assets": {
            spec.key.to_user_string(): describe_asset(spec)
            for spec in sorted(definitions.resolve_all_asset_specs(), key=lambda spec: spec.key)
        },
        "checks": {
            f"{key.asset_key.to_user_string()}: {key.name}": describe_check(graph.get_check_spec(key))
            for key in sorted(graph.asset_check_keys, key=lambda key: (key.asset_key, key.name))
        },
        "jobs": {
            name: {"steps": sorted(node.name for node in job.nodes), "executor": job.executor_def.name}
            for name, job in jobs.items()
        },
        "schedules": [
            [
                schedule.name,
                schedule.cron_schedule,
                schedule.execution_timezone,
                schedule.default_status.value,
            ]
            for schedule in definitions.schedules or []
        ],
        "sensors": [
            [sensor.name, sensor.job_name, sensor.minimum_interval_seconds, sensor.default_status.value]
            for sensor in definitions.sensors or []
        ],
        "resources": sorted(definitions.resources or {}),
    }


def describe_asset(spec: dg.AssetSpec) -> dict[str, Any]:
    schema = spec.metadata.get("dagster/column_schema")
    return {
        "group": spec.group_name,
        "kinds": sorted(spec.kinds),
        "owners": list(spec.owners),
        "is_described": bool(spec.description),
        "columns": [f"{column.name} {column.type}" for column in schema.columns] if schema else [],
        "deps": sorted(dep.asset_key.to_user_string() for dep in spec.deps),
    }


def describe_check(spec: dg.AssetCheckSpec) -> str:
    return "blocking" if spec.blocking else "warns"


def test_definitions_are_those_of_the_snapshot(definitions: dg.Definitions, write_snapshots: bool) -> None:
    described = json.dumps(describe(definitions), ensure_ascii=False, indent=1) + "\n"
    if write_snapshots:
        SNAPSHOT.write_text(described, encoding="utf-8")
    assert json.loads(described) == json.loads(SNAPSHOT.read_text(encoding="utf-8"))


def test_every_asset_has_a_group_kinds_an_owner_and_a_description(definitions: dg.Definitions) -> None:
    bare = [
        spec.key.to_user_string()
        for spec in definitions.resolve_all_asset_specs()
        if not (spec.group_name and spec.kinds and spec.owners and spec.description)
    ]
    assert bare == []


def test_every_mart_has_a_column_schema(definitions: dg.Definitions) -> None:
    marts = [spec for spec in definitions.resolve_all_asset_specs() if spec.group_name == "marts"]
    assert marts
    assert [spec.key for spec in marts if not spec.metadata["dagster/column_schema"].columns] == []


def test_the_night_runs_at_two_in_shanghai(definitions: dg.Definitions) -> None:
    [schedule] = definitions.schedules or []
    assert isinstance(schedule, dg.ScheduleDefinition)
    assert (schedule.cron_schedule, schedule.execution_timezone) == ("0 2 * * *", "Asia/Shanghai")
    assert schedule.job_name == "nightly"


def test_no_rule_about_a_file_or_a_row_blocks(definitions: dg.Definitions) -> None:
    graph = definitions.resolve_asset_graph()
    on_lake = [key for key in graph.asset_check_keys if key.asset_key == dg.AssetKey("lake")]
    assert {"S01", "S08", "V01", "V21"} <= {key.name for key in on_lake}
    assert not [key.name for key in on_lake if graph.get_check_spec(key).blocking]


def test_unit_tests_are_no_checks_of_the_night(definitions: dg.Definitions) -> None:
    nodes: Callable[[dg.AssetCheckSpec], str] = lambda spec: spec.metadata.get("dagster_dbt/unique_id", "")  # noqa: E731
    graph = definitions.resolve_asset_graph()
    assert not [
        key for key in graph.asset_check_keys if nodes(graph.get_check_spec(key)).startswith("unit_test")
    ]
