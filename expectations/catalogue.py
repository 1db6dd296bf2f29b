"""What is expected of a night: the list of expectations with what each of them measures.

Belongs here: reading the seeds ``expectations``, ``expected_values`` and ``expected_ranges`` and the queries
in ``truths/`` into one list, and holding them to each other. Does not belong here: Great Expectations.

The seed ``expectations`` names every expectation, the table it is about, its severity, its tolerance and what
it means in Chinese and English. What it measures stands under the same name in exactly one place: a query in
``truths/<name>.sql`` that gives the rows that must not be, a row of ``expected_values`` or of
``expected_ranges``. In a query ``{batch}`` is the table that the expectation is about, ``$tolerance`` the
tolerance, and ``seeds.<name>`` any seed. The verdicts on the quality rules follow them (``rules``).
"""

import re
from collections.abc import Iterable
from pathlib import Path
from string import Template

import polars as pl

from expectations.expected import CatalogueError, Expected, Range, Truth, ValueSet
from expectations.rules import read_rules
from ingestion.seeds import load_seed

TRUTHS = Path(__file__).parent / "truths"
SEVERITIES = ("error", "warn")
NAME = re.compile(r"[A-Za-z0-9_]+")
SEED = re.compile(r"\bseeds\.(\w+)")


def read_catalogue() -> list[Expected]:
    """Give every expectation in the seed's order, then the rules'.

    Raises ``CatalogueError`` where seeds and queries differ.
    """
    listed = build_catalogue(
        load_seed("expectations"),
        values=load_seed("expected_values"),
        ranges=load_seed("expected_ranges"),
        truths={path.stem: path.read_text(encoding="utf-8") for path in sorted(TRUTHS.glob("*.sql"))},
    )
    return [*listed, *read_rules()]


def build_catalogue(
    listed: pl.DataFrame, *, values: pl.DataFrame, ranges: pl.DataFrame, truths: dict[str, str]
) -> list[Expected]:
    """Give the expectations ``listed`` with their measures; raise ``CatalogueError`` unless each has one."""
    rows = listed.to_dicts()
    measures = [
        *((row["name"], _value_set(row)) for row in values.to_dicts()),
        *((row["name"], _range(row)) for row in ranges.to_dicts()),
        *((name, Truth(query)) for name, query in truths.items()),
    ]
    _hold_to_each_other([row["name"] for row in rows], [name for name, _ in measures])
    measured = dict(measures)
    return [_expected(row, measured[row["name"]]) for row in rows]


def seeds_named(catalogue: Iterable[Expected]) -> list[str]:
    """Give the names of the seeds that the queries of ``catalogue`` read, sorted."""
    return sorted(
        {
            seed
            for expected in catalogue
            if isinstance(expected.measure, Truth)
            for seed in SEED.findall(expected.measure.query)
        }
    )


def _hold_to_each_other(listed: list[str], measured: list[str]) -> None:
    for name in sorted({*listed, *measured}):
        if listed.count(name) != 1 or measured.count(name) != 1:
            raise CatalogueError(
                f"expectation {name!r} stands {listed.count(name)} times in the seed expectations and "
                f"{measured.count(name)} times among expected_values, expected_ranges and {TRUTHS.name}/: "
                "it must stand once in each"
            )


def _expected(row: dict[str, str | None], measure: Truth | ValueSet | Range) -> Expected:
    name, severity = str(row["name"]), str(row["severity"])
    if not NAME.fullmatch(name):
        raise CatalogueError(f"expectation {name!r}: a name has letters, digits and underscores only")
    if severity not in SEVERITIES:
        raise CatalogueError(f"expectation {name!r}: severity {severity!r} is none of {SEVERITIES}")
    if isinstance(measure, Truth):
        measure = _with_tolerance(name, measure, row["tolerance"])
    return Expected(
        name,
        str(row["table_name"]),
        severity,
        str(row["description_zh"]),
        str(row["description_en"]),
        measure,
    )


def _with_tolerance(name: str, truth: Truth, tolerance: str | None) -> Truth:
    try:
        query = Template(truth.query).substitute({} if tolerance is None else {"tolerance": tolerance})
    except KeyError as missing:
        raise CatalogueError(
            f"expectation {name!r}: its query asks for ${missing.args[0]}, the seed has none"
        ) from missing
    return Truth(query.strip())


def _value_set(row: dict[str, str | None]) -> ValueSet:
    seed = load_seed(str(row["seed_name"]))
    if row["filter_column"] is not None:
        seed = seed.filter(pl.col(row["filter_column"]) == row["filter_value"])
    allowed = {value for column in str(row["seed_columns"]).split() for value in seed[column].drop_nulls()}
    if not allowed:
        raise CatalogueError(f"expectation {row['name']!r}: the seed {row['seed_name']!r} gives no value")
    return ValueSet(str(row["column_name"]), tuple(sorted(allowed)))


def _range(row: dict[str, str | None]) -> Range:
    ends = (None if row[end] is None else float(str(row[end])) for end in ("minimum", "maximum"))
    return Range(str(row["column_name"]), *ends)
