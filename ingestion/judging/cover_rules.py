"""The cover of a workbook (填报信息): its values, and the rules S04 and S05.

Belongs here: what a cover is held to by itself. Does not belong here: S06, which needs the day on which the
workbook was received (``night``).
"""

from collections.abc import Sequence

import polars as pl

from ingestion.judging.cell_rules import cell_checks
from ingestion.judging.checks import RuleCheck, failing
from ingestion.judging.contract import COVER, Table, workbook_tables
from ingestion.judging.findings import findings_of
from ingestion.judging.readings import FILE, ROW, TEXT, read_values
from ingestion.judging.structure import Structure
from ingestion.seeds import load_seed

KEYS = "__keys"
"""The suffix of how many keys name a field; null where there is no one cover."""

KEY_ROW = "__row"
"""The suffix of the row in which a field's key stands."""

NO_COVER = 2
"""Where there is no one cover, its fields are as unreadable as one whose key stands twice."""

AREA = "area_km2"


def read_covers(file_ids: Sequence[str], structure: Structure) -> pl.DataFrame:
    """Give a row a file, of ``file_ids``, with the value, text, row and number of keys of each cover field.

    A field whose key stands twice is null, as is everything of a file without exactly one cover.
    """
    table = workbook_tables()[COVER]
    covers = pl.DataFrame({FILE: pl.Series(file_ids, dtype=pl.String)})
    for field in table.fields:
        named = structure.pairs.filter(pl.col("field") == field.name).group_by(FILE)
        found = named.agg(
            pl.when(pl.len() == 1).then(pl.col("text").first()).alias(field.name + TEXT),
            pl.col(ROW).first().alias(field.name + KEY_ROW),
            pl.len().cast(pl.Int64).alias(field.name + KEYS),
        )
        has_cover = pl.col(FILE).is_in(structure.covers)
        covers = covers.join(found, on=FILE, how="left", maintain_order="left").with_columns(
            pl.when(has_cover).then(pl.col(field.name + KEYS).fill_null(0))
        )
    area = pl.when(pl.col(AREA) > 0).then(pl.col(AREA))
    return read_values(covers, table.fields).with_columns(area)


def judge_covers(covers: pl.DataFrame) -> pl.DataFrame:
    """Give the findings of S04 and S05 in ``covers`` (of ``read_covers``)."""
    table = workbook_tables()[COVER]
    checks = [*_s04(table), *_s05()]
    failures = failing(covers, checks, table.schema)
    parts = [
        findings_of(covers.with_columns(pl.col(field.name + KEY_ROW).alias(ROW)), of_field, checks, table)
        for field in table.fields
        if not (of_field := failures.filter(pl.col("check").is_in(_numbers(checks, field.name)))).is_empty()
    ]
    return pl.concat([findings_of(covers, failures.clear(), checks, table), *parts])


def _numbers(checks: Sequence[RuleCheck], column: str) -> list[int]:
    return [number for number, check in enumerate(checks) if check.column == column]


def _s04(table: Table) -> list[RuleCheck]:
    """Hold every required field to its type; one whose key stands twice is S03 alone."""
    return [
        check
        for field in table.fields
        if field.required
        for check in cell_checks("S04", field, unless=pl.col(field.name + KEYS).fill_null(NO_COVER) > 1)
    ]


def _s05() -> list[RuleCheck]:
    authority, division = pl.col("authority_code"), pl.col("prefecture_code")
    authorities = load_seed("provincial_authorities")["authority_code"].to_list()
    divisions = load_seed("prefectures").select("prefecture_code", "authority_code")
    belongs_to = division.replace_strict(
        divisions["prefecture_code"], divisions["authority_code"], default=None, return_dtype=pl.String
    )
    known = authority.is_in(authorities)
    return [
        RuleCheck("S05", "unknown_authority", "authority_code", known),
        RuleCheck(
            "S05",
            "unknown_division",
            "prefecture_code",
            division.is_in(divisions["prefecture_code"].to_list()),
        ),
        RuleCheck(
            "S05",
            "other_authority",
            "prefecture_code",
            (belongs_to == authority) | ~known,
            {"authority_code": authority},
        ),
    ]
