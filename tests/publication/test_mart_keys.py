"""A mart's key is what dbt tests: every mart has one, of columns that its contract names, and it leads."""

import pytest
import yaml

from publication.mart_keys import MARTS, mart_keys

CONTRACTS = {
    model["name"]: [column["name"] for column in model["columns"]]
    for path in sorted(MARTS.glob("*.yml"))
    for model in yaml.safe_load(path.read_text(encoding="utf-8"))["models"]
}


def test_every_mart_has_a_key_and_nothing_else_has() -> None:
    assert mart_keys().keys() == CONTRACTS.keys()


@pytest.mark.parametrize("mart", sorted(CONTRACTS))
def test_a_key_is_made_of_columns_of_its_mart(mart: str) -> None:
    assert mart_keys()[mart]
    assert set(mart_keys()[mart]) <= set(CONTRACTS[mart])
