"""Definitions: everything that Dagster loads, put together in one place.

``build_definitions`` is the one seam for tests and tools; ``workspace.yaml`` and ``dg`` load ``defs``.
"""

import json
from collections.abc import Mapping
from typing import Any

import dagster as dg

from orchestration.alert_delivery import deliver_alerts
from orchestration.alert_sensors import alert_sensors
from orchestration.asset_checks import expectations
from orchestration.assets import archived_files, build_dbt_assets, build_release_asset, lake
from orchestration.configured_sources import load_outside_sources
from orchestration.dbt_manifest import DBT_PROJECT, prepare_project
from orchestration.dbt_process import DbtProcess
from orchestration.home import Home
from orchestration.jobs import nightly
from orchestration.outside_sources import build_source_assets
from orchestration.resources import LoggedProgress, build_dbt, build_locked_home
from orchestration.schedules import at_two
from orchestration.sensors import inbox_sensor
from orchestration.settings import Settings
from orchestration.source_schedules import build_source_schedules


def build_definitions(*, resource_overrides: Mapping[str, Any] | None = None) -> dg.Definitions:
    """Give the platform's definitions; ``resource_overrides`` replaces resources by name.

    The resources: ``settings`` (else the environment's; raises ``SettingsError``), ``dbt`` (a ``DbtProcess``;
    its project is the one that is loaded), ``home`` (under its lock), ``progress``, ``io_manager``.
    """
    overrides = dict(resource_overrides or {})
    settings: Settings = overrides.pop("settings", None) or Settings.load()
    home, sources = Home(settings.home), load_outside_sources(settings)
    dbt: DbtProcess | None = overrides.pop("dbt", None)
    parsed = dbt.parsed if dbt else prepare_project(DBT_PROJECT, home, settings.target)
    dbt_models = build_dbt_assets(json.loads(parsed.manifest.read_bytes()))
    shelf = settings.shelf
    if shelf is not None:
        from orchestration.postgres_shelf import build_shelf_asset  # noqa: PLC0415 (needs an extra)
    marts = sorted(key for key, group in dbt_models.group_names_by_key.items() if group == "marts")
    return dg.Definitions(
        assets=[
            build_source_assets(sources),
            archived_files,
            lake,
            dbt_models,
            build_release_asset(marts),
            *([] if shelf is None else [build_shelf_asset(shelf)]),
        ],
        asset_checks=[expectations],
        jobs=[nightly, deliver_alerts],
        schedules=[at_two, *build_source_schedules(sources)],
        sensors=[inbox_sensor, *alert_sensors],
        executor=dg.in_process_executor,
        resources={
            "settings": settings,
            "dbt": dbt or build_dbt(parsed),
            "progress": LoggedProgress(),
            "home": build_locked_home(settings),
            "io_manager": dg.FilesystemIOManager(base_dir=str(home.dagster / "storage")),
            **overrides,
        },
    )


@dg.definitions
def defs() -> dg.Definitions:
    """Give the definitions to a loader when it asks: importing this module must not need settings or dbt."""
    return build_definitions()
