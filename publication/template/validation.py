"""What a cell of the template accepts: the checks at the door, as far as a spreadsheet can hold them.

Belongs here: turning what the seeds say of a field into a data validation. A spreadsheet warns while one
types and is no judge: what is pasted passes it, and ``coopzones check`` sees it. Does not belong here: the
notes on headers (``notes``).
"""

from collections.abc import Callable, Sequence
from datetime import date
from functools import cache
from typing import Any

import polars as pl

from ingestion.judging.contract import COVER, ROSTER, Field, Table, limits, workbook_tables
from ingestion.seeds import load_seed
from publication.workbook_limits import workbook_limit

Validation = dict[str, Any]

FIRST_DAY = date(1900, 1, 1)
"""The first day that a spreadsheet can hold."""


def validation_of(table: Table, field: Field, known: Sequence[str] = ()) -> Validation | None:
    """Give the data validation of ``field``, as its first data row (row 2) has it.

    ``known`` are the values of a code that this template allows; without any the seeds' own are taken.
    ``None`` when the field takes any text.
    """
    own = OWN.get((table.name, field.name))
    by_type = BY_TYPE.get(field.type)
    criteria = (
        (own() if own else None)
        or _by_values(table, field, known)
        or _by_length(table, field)
        or (by_type(field) if by_type else None)
    )
    return None if criteria is None else {**criteria, "ignore_blank": True}


def cover_cell(name: str) -> str:
    """Give the address of the cover's field ``name``, as a formula of any sheet writes it."""
    cover = workbook_tables()[COVER]
    row = [field.name for field in cover.all_fields].index(name) + 1
    return f"'{cover.title}'!$B${row}"


def _by_values(table: Table, field: Field, known: Sequence[str]) -> Validation | None:
    """Give a drop-down of what ``field`` may hold, or the length of its codes where they are too many."""
    if field.type in ("enum", "boolean", "list"):
        texts = [value.text for value in field.values]
        # Several tiers stand in one cell: the list helps to write one, and refuses nothing.
        return {"validate": "list", "source": texts, "show_error": field.type != "list"}
    codes = list(known) or known_codes(table.name, field.name)
    if not codes:
        return None
    if len(",".join(codes)) <= workbook_limit("max_drop_down_characters"):
        return {"validate": "list", "source": codes}
    lengths = [len(code) for code in codes]
    return _length_between(min(lengths), max(lengths))


@cache
def known_codes(table_name: str, field_name: str) -> list[str]:
    """Give the codes that a field may hold by the seeds; none when they don't list them."""
    indicators = load_seed("indicator_definitions")
    listed = {
        (COVER, "authority_code"): load_seed("provincial_authorities")["authority_code"],
        (COVER, "prefecture_code"): load_seed("prefectures")["prefecture_code"],
        ("cooperation", "country"): load_seed("countries")["alpha2"],
        ("self_reported", "indicator_code"): indicators.filter(self_reported="yes")["indicator_code"],
        ("plan_targets", "indicator_code"): indicators.filter(pl.col("unit") != "boolean")["indicator_code"],
    }
    codes = listed.get((table_name, field_name))
    return [] if codes is None else codes.to_list()


def _by_length(table: Table, field: Field) -> Validation | None:
    """Give the length that the notes state of a code, if they do."""
    stated = load_seed("workbook_notes").filter(table_name=table.name, field=field.name)
    shortest, longest = stated.select("shortest", "longest").row(0)
    return None if shortest is None else _length_between(int(shortest), int(longest))


def _length_between(shortest: int, longest: int) -> Validation:
    return {"validate": "length", "criteria": "between", "minimum": shortest, "maximum": longest}


def _number(kind: str) -> Callable[[Field], Validation]:
    def validation(field: Field) -> Validation:
        if field.is_year:
            return _years(str(limits()["earliest_report_year"]), "=YEAR(TODAY())-1")
        if field.maximum is not None:
            bounds = {"minimum": float(field.minimum or 0), "maximum": float(field.maximum)}
            return {"validate": kind, "criteria": "between", **bounds}
        if field.minimum is not None:
            return {"validate": kind, "criteria": ">=", "value": float(field.minimum)}
        largest = 10 ** limits()["max_integer_digits"]
        return {"validate": kind, "criteria": "between", "minimum": -largest, "maximum": largest}

    return validation


def _date(_: Field) -> Validation:
    return {"validate": "date", "criteria": ">=", "value": FIRST_DAY}


def _years(first: str, last: str) -> Validation:
    return {"validate": "integer", "criteria": "between", "minimum": first, "maximum": last}


BY_TYPE: dict[str, Callable[[Field], Validation]] = {
    "integer": _number("integer"),
    "decimal": _number("decimal"),
    "date": _date,
}


def _roster_year() -> Validation:
    """Give the report year, and before it the years that an application or re-review covers."""
    of_report = workbook_tables()[COVER].field("submission_type").texts_with("report_year_only")
    texts = {value.code: value.text for value in workbook_tables()[COVER].field("submission_type").values}
    year, kind = cover_cell("report_year"), cover_cell("submission_type")
    is_report = ",".join(f'{kind}="{texts[code]}"' for code in of_report)
    before = limits()["years_before_report_year"]
    return _years(f"=IF(OR({is_report}),{year},{year}-{before})", f"={year}")


def _own_years() -> Validation:
    return _years(f"={limits()['earliest_report_year']}", f"={cover_cell('report_year')}")


def _held_on() -> Validation:
    year = cover_cell("report_year")
    days = {"minimum": f"=DATE({year},1,1)", "maximum": f"=DATE({year},12,31)"}
    return {"validate": "date", "criteria": "between", **days}


def _ended_on() -> Validation:
    established = _letter("cooperation", "established_on")
    return {"validate": "date", "criteria": ">=", "value": f"={established}2"}


def _plan_from() -> Validation:
    return _years(str(limits()["earliest_report_year"]), "=YEAR(TODAY())+1")


def _plan_to() -> Validation:
    first = f"{_letter('plan_targets', 'plan_from')}2"
    return _years(f"={first}", f"={first}+{limits()['plan_years_after_start']}")


def _area() -> Validation:
    return {"validate": "decimal", "criteria": ">", "value": 0}


def _letter(table_name: str, field_name: str) -> str:
    names = [field.name for field in workbook_tables()[table_name].all_fields]
    return chr(ord("A") + names.index(field_name))


OWN: dict[tuple[str, str], Callable[[], Validation]] = {
    (COVER, "area_km2"): _area,
    (ROSTER, "year"): _roster_year,
    ("self_reported", "year"): _own_years,
    ("activities", "held_on"): _held_on,
    ("cooperation", "ended_on"): _ended_on,
    ("plan_targets", "plan_from"): _plan_from,
    ("plan_targets", "plan_to"): _plan_to,
}
"""Fields held to another cell, or to what the seeds word in a sentence."""
