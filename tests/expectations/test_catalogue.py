"""The list of expectations: seeds and queries hold each other, names are fit for Dagster, words are there."""

import re
from collections.abc import Mapping

import polars as pl
import pytest

from expectations.catalogue import build_catalogue, read_catalogue
from expectations.expected import CatalogueError, Findings, Truth, ValueSet
from ingestion.seeds import load_seed

COLUMNS = ("name", "table_name", "severity", "tolerance", "description_zh", "description_en")


def listed(**changes: str | None) -> pl.DataFrame:
    row = dict(zip(COLUMNS, ("kept", "marts.zones", "error", None, "保持", "kept"), strict=True)) | changes
    return pl.DataFrame([row], schema=dict.fromkeys(COLUMNS, pl.String))


def catalogue_of(frame: pl.DataFrame, truths: Mapping[str, str]) -> list:
    return build_catalogue(
        frame,
        values=load_seed("expected_values").clear(),
        ranges=load_seed("expected_ranges").clear(),
        truths=dict(truths),
    )


def test_every_expectation_says_what_it_means_in_both_languages() -> None:
    for expected in read_catalogue():
        assert re.search("[\u4e00-\u9fff]", expected.description_zh), expected.name
        assert re.fullmatch("[\x20-\x7e]+", expected.description_en), expected.name


def test_every_query_names_the_table_that_it_is_about() -> None:
    for expected in read_catalogue():
        if isinstance(expected.measure, Truth | Findings):
            assert "{batch}" in expected.measure.query, expected.name


def test_value_sets_are_those_of_their_seeds() -> None:
    measures = {expected.name: expected.measure for expected in read_catalogue()}
    regions = measures["zone_region_is_known"]
    assert isinstance(regions, ValueSet)
    assert set(regions.values) == {"east", "central", "west", "northeast"}
    statistics = measures["province_indicator_is_known"]
    assert isinstance(statistics, ValueSet)
    assert set(statistics.values) == {
        *load_seed("statistic_indicators")["level_code"],
        *load_seed("statistic_indicators")["ratio_code"],
    }


def test_a_listed_expectation_without_a_measure_is_refused() -> None:
    with pytest.raises(CatalogueError, match="'kept' stands 1 times in the seed expectations and 0 times"):
        catalogue_of(listed(), {})


def test_a_query_that_is_not_listed_is_refused() -> None:
    with pytest.raises(CatalogueError, match="'forgotten' stands 0 times"):
        catalogue_of(listed(), {"kept": "from {batch}", "forgotten": "from {batch}"})


@pytest.mark.parametrize(
    "changes",
    [{"severity": "fatal"}, {"name": "not-a-name"}],
    ids=["unknown severity", "name that Dagster can't show"],
)
def test_a_row_is_refused_for(changes: dict[str, str]) -> None:
    frame = listed(**changes)
    with pytest.raises(CatalogueError, match=next(iter(changes.values()))):
        catalogue_of(frame, {str(frame["name"][0]): "from {batch}"})


def test_a_query_takes_its_tolerance_from_the_seed() -> None:
    (expected,) = catalogue_of(listed(tolerance="0.25"), {"kept": "from {batch} where share > $tolerance"})
    assert expected.measure == Truth("from {batch} where share > 0.25")


def test_a_query_without_the_tolerance_that_it_asks_for_is_refused() -> None:
    with pytest.raises(CatalogueError, match=r"its query asks for \$tolerance"):
        catalogue_of(listed(), {"kept": "from {batch} where share > $tolerance"})
