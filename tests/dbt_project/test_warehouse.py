"""What the warehouse shows to whoever opens it: schemas, comments, names."""

import re
from typing import Any

import pytest

HAN = re.compile(r"[一-鿿]")
LATIN = re.compile(r"[A-Za-z]{3}")

MARTS = {
    "zones",
    "submissions",
    "enterprises",
    "indicators",
    "province_indicators",
    "eligibility_criteria",
    "eligibility",
    "scorecard_dimensions",
    "scorecards",
    "quality_failures",
    "plan_progress",
    "revocation_triggers",
    "re_review_dossiers",
    "indicator_sources",
    "metrics",
    "annual_reports",
    "designations",
    "change_filings",
    "application_progress",
    "promotion_activities",
    "authorities",
    "parameters_in_force",
    "releases",
    "findings_by_release",
    "changes_since_last_release",
    "inputs_in_force",
}


def test_the_schemas_are_the_layers_and_marts_holds_the_marts_and_nothing_else(project: Any) -> None:
    tables = project.rows("select schema_name, table_name from duckdb_tables() where not internal")
    views = project.rows("select schema_name, view_name from duckdb_views() where not internal")

    layers = {"seeds", "staging", "intermediate", "rules", "marts"}
    assert {schema for schema, _ in tables + views} == layers
    assert {table for schema, table in tables + views if schema == "marts"} >= MARTS
    assert not [view for schema, view in views if schema == "marts"]


def test_every_mart_and_every_column_is_told_in_chinese_and_english(project: Any) -> None:
    comments = project.rows("select table_name, comment from duckdb_tables() where schema_name = 'marts'")
    comments += project.rows(
        "select table_name || '.' || column_name, comment from duckdb_columns() where schema_name = 'marts'"
    )

    assert [
        name for name, told in comments if not (HAN.search(told or "") and LATIN.search(told or ""))
    ] == []


def test_staging_is_views_so_that_the_lake_is_not_copied(project: Any) -> None:
    assert project.rows("select table_name from duckdb_tables() where schema_name = 'staging'") == []


@pytest.mark.parametrize(
    ("layer", "pattern"),
    [
        ("staging", r"stg_[a-z]+(_[a-z]+)*__[a-z_]+"),
        ("intermediate", r"int_[a-z_]+_[a-z]+(ed|en|id|ing)"),
        ("rules", r"rule_[qm]\d\d_[a-z_]+"),
    ],
)
def test_models_are_named_by_their_layer(project: Any, layer: str, pattern: str) -> None:
    relations = project.rows(
        f"select table_name from duckdb_tables() where schema_name = '{layer}'"
        f" union all select view_name from duckdb_views() where schema_name = '{layer}'"
    )

    assert [name for (name,) in relations if not re.fullmatch(pattern, name)] == []
