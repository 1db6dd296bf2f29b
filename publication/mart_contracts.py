"""The contract of the marts as their dbt YAML states it, the only place: columns, types, keys, units, words.

Read from ``dbt_project/models/marts/*.yml`` without dbt. Belongs here: what the YAML says, in this project's
terms. Does not belong here: whether a release keeps it (dbt's own checks and the contract test).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml  # type: ignore[import-untyped]

from ingestion.seeds import SEEDS

MARTS = SEEDS.parent / "models" / "marts"
HAN = re.compile(r"[\u3400-\u9fff]")
REFERENCE = re.compile(r"ref\('(?P<name>\w+)'\)")
STATED = ("articles", "beyond_the_contract", "example")
"""What the meta of every mart states."""

TYPES = {
    "varchar": "text", "integer": "integer", "bigint": "integer", "decimal": "decimal",
    "date": "date", "timestamp": "timestamp", "boolean": "boolean",
}  # fmt: skip
"""The contract's name of a type, by dbt's, without its width."""


@dataclass(frozen=True)
class Told:
    """A text in both languages; ``comment`` is the text that databases and files carry."""

    comment: str
    zh: str
    en: str


@dataclass(frozen=True)
class Column:
    """A column: ``unit`` is a code of the seed ``messages`` (kind unit), ``worded_by`` the kind of its words.

    ``allowed`` is empty where any value is; ``refers_to`` is the table and column that a value stands in.
    """

    name: str
    type: str
    told: Told
    is_required: bool
    unit: str | None
    articles: tuple[str, ...]
    allowed: tuple[str, ...]
    worded_by: str | None
    refers_to: tuple[str, str] | None


@dataclass(frozen=True)
class Example:
    """A question and the query that answers it, on any database with the schema ``marts``."""

    zh: str
    en: str
    sql: str


@dataclass(frozen=True)
class MartContract:
    """A mart: one row a ``key``, its columns in order."""

    name: str
    told: Told
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    articles: tuple[str, ...]
    is_beyond_the_contract: bool
    example: Example


@cache
def mart_contracts(folder: Path = MARTS) -> tuple[MartContract, ...]:
    """Give the contract of every mart below ``folder``, sorted by name.

    Raises ``ValueError`` naming the mart whose YAML lacks something: a key, articles, an example, whether it
    is beyond the contract, a description in both languages.
    """
    models = [
        model
        for path in sorted(folder.glob("*.yml"))
        for model in yaml.safe_load(path.read_text(encoding="utf-8")).get("models", ())
    ]
    return tuple(_mart(model) for model in sorted(models, key=lambda model: str(model["name"])))


def mart_keys() -> dict[str, tuple[str, ...]]:
    """Give the columns of each mart's key, in their order, by the mart's name."""
    return {mart.name: mart.key for mart in mart_contracts()}


def in_two_languages(comment: str) -> Told:
    """Split ``comment`` after the Chinese sentence that only English follows.

    Raises ``ValueError`` where one of the languages is missing.
    """
    for end in (found.end() for found in re.finditer("。", comment)):
        chinese, english = comment[:end].strip(), comment[end:].strip()
        if english and not HAN.search(english) and HAN.search(chinese):
            return Told(comment, chinese, english)
    raise ValueError(f"a description is Chinese first, then English: {comment!r}")


def _mart(model: Mapping[str, Any]) -> MartContract:
    meta = model.get("config", {}).get("meta", {})
    lacking = [name for name in STATED if name not in meta]
    lacking += [] if any(_arguments(model, "primary_key")) else ["primary_key"]
    if lacking:
        raise ValueError(
            f"models/marts/{model['name']}.yml lacks {', '.join(lacking)}; "
            "docs/marts.md says what the YAML of a mart has to say"
        )
    example = meta["example"]
    return MartContract(
        name=model["name"],
        told=in_two_languages(model["description"]),
        key=tuple(next(_arguments(model, "primary_key"))["columns"]),
        columns=tuple(_column(column) for column in model["columns"]),
        articles=tuple(meta["articles"]),
        is_beyond_the_contract=meta["beyond_the_contract"],
        example=Example(zh=example["zh"], en=example["en"], sql=example["sql"]),
    )


def _column(column: Mapping[str, Any]) -> Column:
    meta = column.get("config", {}).get("meta", {})
    accepted = next(_arguments(column, "accepted_values"), {"values": ()})
    related = next(_arguments(column, "relationships"), None)
    return Column(
        name=column["name"],
        type=TYPES[column["data_type"].split("(")[0]],
        told=in_two_languages(column["description"]),
        is_required={"type": "not_null"} in column.get("constraints", ()),
        unit=meta.get("unit"),
        articles=tuple(meta.get("articles", ())),
        allowed=tuple(accepted["values"]),
        worded_by=meta.get("worded_by"),
        refers_to=(_referred(related["to"]), related["field"]) if related else None,
    )


def _arguments(owner: Mapping[str, Any], test: str) -> Iterator[Mapping[str, Any]]:
    """Give the arguments of every data test of the name."""
    for stated in owner.get("data_tests", ()):
        if isinstance(stated, Mapping) and test in stated:
            yield stated[test]["arguments"]


def _referred(to: str) -> str:
    found = REFERENCE.fullmatch(to)
    if found is None:
        raise ValueError(f"a relationship names a model or a seed with ref('…'): {to!r}")
    return found["name"]
