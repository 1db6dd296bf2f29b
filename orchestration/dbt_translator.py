"""How dbt's nodes become Dagster assets: key, group, kinds, owners, description, one small helper each.

The asset's name is dbt's name; the group is the folder; every dbt source is a table of ``lake``.
"""

from collections.abc import Mapping
from itertools import takewhile
from pathlib import PurePosixPath
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings, DbtProject

LAKE = dg.AssetKey("lake")
UNIQUE_ID = "dagster_dbt/unique_id"
# Who answers for what a folder says: officers for the regulation and the marts, engineers for the rest.
OWNERS = {"seeds": "team:policy", "marts": "team:policy"}
DEFAULT_OWNER = "team:data_engineering"

Properties = Mapping[str, Any]


def folder_of(properties: Properties) -> str:
    """Give the folder right below ``seeds`` or ``models`` that holds the node: the group's name."""
    parts = PurePosixPath(properties["original_file_path"]).parts
    return "seeds" if properties["resource_type"] == "seed" else parts[1]


def key_of(properties: Properties) -> dg.AssetKey:
    """Give the node's name; a seed's stands below ``seeds`` (a mart may share it), a source is the lake."""
    match properties["resource_type"]:
        case "source":
            return LAKE
        case "seed":
            return dg.AssetKey(["seeds", properties["name"]])
        case _:
            return dg.AssetKey(properties["name"])


def kinds_of(properties: Properties) -> set[str]:
    """Give what the node is made with and of."""
    return {"dbt", "csv"} if properties["resource_type"] == "seed" else {"dbt", "duckdb"}


def owners_of(properties: Properties) -> list[str]:
    """Give the team that answers for the node."""
    return [OWNERS.get(folder_of(properties), DEFAULT_OWNER)]


def description_of(manifest: Mapping[str, Any], properties: Properties) -> str | None:
    """Give what the project says: the YAML, else the comment that the SQL opens with, else the sources."""
    if properties["description"]:
        return str(properties["description"])
    lines = properties.get("raw_code", "").lstrip().splitlines()
    comment = [
        line.removeprefix("--").strip() for line in takewhile(lambda line: line.startswith("--"), lines)
    ]
    sources = [name for name in properties["depends_on"]["nodes"] if name.startswith("source.")]
    return " ".join(comment) or " ".join(manifest["sources"][name]["description"] for name in sources) or None


def depends_on_lake(properties: Properties) -> bool:
    """Say whether the node reads the lake without naming a source: a model with no parents."""
    return properties["resource_type"] == "model" and not properties["depends_on"]["nodes"]


class CoopzonesTranslator(DagsterDbtTranslator):
    """Names dbt's nodes as this platform does."""

    def __init__(self) -> None:
        super().__init__(DagsterDbtTranslatorSettings(enable_duplicate_source_asset_keys=True))

    def get_asset_key(self, dbt_resource_props: Properties) -> dg.AssetKey:
        """Give the node's key."""
        return key_of(dbt_resource_props)

    def get_asset_spec(
        self, manifest: Mapping[str, Any], unique_id: str, project: DbtProject | None
    ) -> dg.AssetSpec:
        """Give the node's spec: dbt's description and columns, our group, kinds and owners."""
        spec = super().get_asset_spec(manifest, unique_id, project)
        properties = self.get_resource_props(manifest, unique_id)
        if properties["resource_type"] == "source":
            return spec
        deps = [*spec.deps, dg.AssetDep(LAKE)] if depends_on_lake(properties) else spec.deps
        return spec.replace_attributes(
            group_name=folder_of(properties),
            kinds=kinds_of(properties),
            owners=owners_of(properties),
            description=description_of(manifest, properties),
            deps=deps,
        )
