"""What the texts under a ledger's fields mean: numbers, what is missing, and a statistic's regions and units.

Belongs here: from a source's words to the ledger's. Does not belong here: refusing a row. What nobody can
interpret stays as it is, so that V20 names it, and is a problem besides.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce

import polars as pl

from ingestion.inbox_entries import STATISTICS_LEDGER
from ingestion.judging.contract import Field, ledgers
from ingestion.sources.mapping import replaced
from ingestion.sources.terms import is_missing, number_of, region_of, shifted, unit_of, year_of

NUMBERS = ("integer", "decimal")
FOUND = {"field": pl.String(), "value": pl.String(), "case_id": pl.String()}
"""What could not be interpreted, a row a distinct text of a field."""


@dataclass(frozen=True)
class Interpreted:
    """The ``rows`` in the ledger's words and what was ``found`` in them that nobody knows (``FOUND``).

    Of statistics, figures that are missing and regions that no province is are left out;
    ``names_a_region`` tells whether any row named one that is known, those included.
    """

    rows: pl.DataFrame
    found: pl.DataFrame
    names_a_region: bool = True


def interpret(rows: pl.DataFrame, ledger: str) -> Interpreted:
    """Interpret ``rows``, the texts of ``SourceMapping.lay_out``."""
    fields = [field for field in ledgers()[ledger].fields if field.name in rows.columns]
    filled = rows.with_columns(
        replaced(rows[field.name], lambda text: None if is_missing(text) else text) for field in fields
    )
    of_numbers = [(field, _number_reader(field)) for field in fields if field.type in NUMBERS]
    if ledger == STATISTICS_LEDGER:
        return _statistics(filled, of_numbers)
    return Interpreted(*reduce(_read, of_numbers, (filled, pl.DataFrame(schema=FOUND))))


Reader = Callable[[str], str | None]


def _number_reader(field: Field) -> Reader:
    return year_of if field.is_year else number_of


def _read(
    told: tuple[pl.DataFrame, pl.DataFrame], read: tuple[Field, Reader]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Give the rows with a field's texts read where they can be, and what was found with those that can't."""
    (rows, found), (field, reader) = told, read
    texts = rows[field.name]
    unknown = [text for text in texts.drop_nulls().unique(maintain_order=True) if reader(text) is None]
    read_texts = replaced(texts, lambda text: reader(text) or text)
    return rows.with_columns(read_texts), pl.concat([found, _found(field.name, unknown, "unreadable_value")])


def _statistics(rows: pl.DataFrame, of_numbers: list[tuple[Field, Reader]]) -> Interpreted:
    regions = {text: region_of(text) for text in rows["region_code"].drop_nulls().unique(maintain_order=True)}
    passed_over = [text for text, region in regions.items() if region is not None and region.code is None]
    kept = rows.filter(
        pl.col("value").is_not_null() & ~pl.col("region_code").is_in(passed_over).fill_null(value=False)
    )
    kept, found = reduce(_read, of_numbers, (kept, pl.DataFrame(schema=FOUND)))
    here = kept["region_code"].unique().to_list()
    codes = replaced(kept["region_code"], lambda text: getattr(regions[text], "code", text))
    units = {text: unit_of(text) for text in kept["unit"].drop_nulls().unique(maintain_order=True)}
    values = [_converted(value, unit) for value, unit in kept.select("value", "unit").iter_rows()]
    return Interpreted(
        rows=kept.with_columns(
            codes,
            replaced(kept["unit"], lambda text: getattr(units[text], "unit", text)),
            pl.Series("value", values, dtype=pl.String),
        ),
        found=pl.concat(
            [
                found,
                _found(
                    "region_code",
                    [t for t, known in regions.items() if known is None and t in here],
                    "unknown_region",
                ),
                _found("unit", [text for text, known in units.items() if known is None], "unknown_unit"),
            ]
        ),
        names_a_region=rows.is_empty() or any(region is not None for region in regions.values()),
    )


def _converted(value: str, unit: str | None) -> str:
    """Give the figure ``value`` in the ledger's unit; one that nobody can read or place stays as it is."""
    known = None if unit is None else unit_of(unit)
    return value if known is None or number_of(value) is None else shifted(value, known.shift)


def _found(field: str, texts: list[str], case_id: str) -> pl.DataFrame:
    rows = [(field, text, case_id) for text in texts]
    return pl.DataFrame(rows, schema=FOUND, orient="row")
