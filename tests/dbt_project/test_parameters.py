"""Parameters of the standard: what may be chosen, and that a wrong choice stops the build and says so."""

from typing import Any

import pytest

from ingestion.seeds import load_seed

UNSUPPORTED = {"province_comparison"}
"""Alternatives that no model computes: choosing one is refused, not ignored."""


def resolve(project: Any, parameters: dict[str, str]) -> Any:
    return project.run("show", "--select", "int_parameters_resolved", "--limit", "-1", parameters=parameters)


def complaint(result: Any) -> str:
    assert not result.success
    return str(result.exception or result.result.results[0].message)


def values(result: Any) -> dict[str, str]:
    assert result.success
    table = result.result.results[0].agate_table
    return {row["parameter"]: row["value"] for row in table.rows}


def test_every_parameter_has_its_default_unless_the_run_says_otherwise(project: Any) -> None:
    defaults = dict(load_seed("parameters").select("parameter", "default_value").iter_rows())

    assert values(resolve(project, {"panel_minimum": "2"})) == defaults | {"panel_minimum": "2"}


def alternatives() -> list[tuple[str, str]]:
    rows = load_seed("parameters").drop_nulls("alternatives").iter_rows(named=True)
    return [(row["parameter"], value) for row in rows for value in row["alternatives"].split("; ")]


@pytest.mark.parametrize(
    ("parameter", "value"), [pair for pair in alternatives() if pair[0] not in UNSUPPORTED]
)
def test_every_alternative_may_be_chosen(project: Any, parameter: str, value: str) -> None:
    assert values(resolve(project, {parameter: value}))[parameter] == value


@pytest.mark.parametrize(("parameter", "value"), [pair for pair in alternatives() if pair[0] in UNSUPPORTED])
def test_an_alternative_that_is_not_computed_is_refused(project: Any, parameter: str, value: str) -> None:
    assert f"{parameter} = {value}: 尚未支持" in complaint(resolve(project, {parameter: value}))


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("honours_basis", "guessed"),
        ("hmt_counts_as_foreign", "YES"),
        ("legacy_term_starts_on", "2024-09-02"),
        ("panel_minimum", "three"),
        ("panel_minimum", "2.5"),
        ("panel_minimum", "-1"),
        ("min_filled_share", "95%"),
        ("report_due", "31-03"),
        ("panel_basis", "reference"),
        ("growth_convention", "years T-3..T"),
        ("credit_window", ""),
        ("report_due", "03-00"),
        ("report_due", "03-32"),
    ],
)
def test_a_value_that_is_no_choice_stops_the_build_and_names_the_choices(
    project: Any, parameter: str, value: str
) -> None:
    defaults = dict(load_seed("parameters").select("parameter", "default_value").iter_rows())

    message = complaint(resolve(project, {parameter: value}))

    assert f"{parameter} = {value}: 不可用，可用 / not allowed, allowed: {defaults[parameter]}" in message


def test_a_parameter_that_does_not_exist_stops_the_build(project: Any) -> None:
    assert "没有参数 / there is no parameter panel_maximum" in complaint(
        resolve(project, {"panel_maximum": "9"})
    )


@pytest.mark.parametrize(
    ("parameter", "value"),
    [("incident_window_months", "24"), ("min_filled_share", "1.0"), ("report_due", "04-15")],
)
def test_a_parameter_without_alternatives_takes_any_value_written_alike(
    project: Any, parameter: str, value: str
) -> None:
    assert values(resolve(project, {parameter: value}))[parameter] == value


def test_a_value_with_a_quote_is_a_value_and_not_sql(project: Any) -> None:
    assert "credit_window = it's: 不可用" in complaint(resolve(project, {"credit_window": "it's"}))


def test_a_run_without_a_moment_says_what_is_missing(project: Any) -> None:
    result = project.run("show", "--select", "int_terms_judged", as_of="")

    assert "as_of" in complaint(result)
